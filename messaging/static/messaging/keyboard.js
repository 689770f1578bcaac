// Some phones lay the keyboard over the page instead of shrinking it: what sticks to the end of
// the screen must know how much of it is covered.

export function makeRoomForKeyboard() {
  const seen = window.visualViewport;
  if (!seen) return;
  const measure = () => {
    const covered = seen.scale > 1 ? 0 : Math.max(0, innerHeight - seen.height - seen.offsetTop);
    document.documentElement.style.setProperty("--keyboard", `${Math.round(covered)}px`);
  };
  seen.addEventListener("resize", measure);
  seen.addEventListener("scroll", measure);
}

// Where one types on glass, Shift and Enter is out of reach: Enter begins a line there, and a button sends.
export const isTouched = matchMedia("(hover: none) and (pointer: coarse)").matches;

export const sends = (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing && !isTouched;
