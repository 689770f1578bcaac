"""Jobs of the rooms. Their arguments are numbers, never texts: a queue is a log."""

from procrastinate.contrib.django import app


@app.task(name="messaging.make_transcript")
def make_transcript(*, transcript_id: int) -> None:
    """Make the files of a transcript. What fails is shown in the room, so there is no retry."""
    from messaging.actions import transcripts  # noqa: PLC0415  it defers to here

    transcripts.make_transcript(transcript_id=transcript_id)


@app.periodic(cron="7 0 * * *")
@app.task(name="messaging.export_heads")
def export_heads(timestamp: int) -> None:
    """Every night: the heads of all rooms' chains, signed."""
    from messaging.transcripts.heads import write_heads  # noqa: PLC0415  needs the models

    write_heads()
