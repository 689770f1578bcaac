// What was said to the person in another room while they look at this page: told once, in one of the
// pages that can be seen, and gone after a while. Where a lock of a room is held, it is in view
// somewhere, or its notice stands somewhere: then nothing is told here.

const STAYS = 12_000; // ms that a notice stays, unless one is at it
const locks = navigator.locks; // none where the portal is not served securely: then every page tells
const room = document.querySelector("[data-room]");
const inView = room && JSON.parse(room.dataset.client).room;
const standing = new Map(); // room -> its notice: how it is taken away, and what comes in its place
const told = new Map(); // room -> up to which record this page was told

const lockOf = (of) => `majlis:notice:${of}`;

// --- The room that one looks at ------------------------------------------------------------------

if (inView && locks) {
  let letGo = null;
  const look = () => {
    letGo?.();
    letGo = null;
    if (document.hidden) return;
    const left = new Promise((resolve) => (letGo = resolve));
    locks.request(lockOf(inView), { mode: "shared" }, () => left);
  };
  document.addEventListener("visibilitychange", look);
  look();
}

// --- Telling -------------------------------------------------------------------------------------

// A newer notice of the same room stands in the place of the one before it, under the same lock.
async function stand(notice) {
  while (notice) {
    const place = { next: null };
    standing.set(notice.room, place);
    const { text, address: href, room: of } = notice;
    await new Promise((resolve) => {
      const detail = { text, href, stays: STAYS, gone: resolve };
      document.dispatchEvent(new CustomEvent("toast", { detail }));
      place.close = detail.close ?? resolve;
      if (!detail.close) resolve();
    });
    standing.delete(of);
    notice = place.next;
  }
}

function show(notice) {
  const place = standing.get(notice.room);
  if (place) {
    place.next = notice;
    place.close();
  } else if (locks) {
    locks.request(lockOf(notice.room), { ifAvailable: true }, (lock) => lock && stand(notice));
  } else {
    stand(notice);
  }
}

// The counts as they stand, with what is to be told now: a room that was read meanwhile tells nothing.
export function tell({ rooms, notices = [] }) {
  for (const [of, place] of standing) if (!rooms[of]) place.close();
  for (const notice of notices) {
    if (notice.seq <= (told.get(notice.room) ?? 0)) continue;
    told.set(notice.room, notice.seq);
    if (!document.hidden && notice.room !== inView) show(notice);
  }
}
