"""What a person gave to messages: marks, opinions, translations.

Beside their number, of the messages themselves nothing: but the words of an option that was chosen,
and a translation, say what others said. They are there as long as the person may read it.
"""

from collections.abc import Iterator

from members.languages import language_word
from members.models import User
from messaging.models import Acknowledgement, Message, OpinionAnswer, Reaction, Room, Translation
from messaging.opinions import read_text
from portal.data_export.parts import Row
from records.reading import number


def reaction_rows(user: User) -> Iterator[Row]:
    for reaction in Reaction.objects.of_person(user).iterator(chunk_size=2000):
        message = reaction.marks.message
        yield {
            "room": message.room.title.text,
            "number": message.seq,
            "kind": str(reaction.get_kind_display()),
            "since": reaction.given_at,
        }


def acknowledgement_rows(user: User) -> Iterator[Row]:
    for given in Acknowledgement.objects.of_person(user).iterator(chunk_size=2000):
        message = given.marks.message
        yield {
            "room": message.room.title.text,
            "number": message.seq,
            "institution": given.institution.name.text,
            "since": given.given_at,
        }


def opinion_rows(user: User) -> Iterator[Row]:
    readable = _rooms_of(user)
    for answer in OpinionAnswer.objects.of_person(user):
        message = answer.poll.message
        options: list[str] = []
        if _may_read(user, message, readable):
            _question, options = read_text(message.body, answer.poll.options)
        yield {
            "room": message.room.title.text,
            "number": message.seq,
            "institution": answer.delegation.name.text if answer.delegation else "",
            "choices": " · ".join(number(choice) for choice in answer.choices),
            "text": "\n".join(options[choice - 1] for choice in answer.choices if options),
        }


def translation_rows(user: User) -> Iterator[Row]:
    readable = _rooms_of(user)
    for translation in Translation.objects.of_author(user).iterator(chunk_size=500):
        message = translation.message
        yield {
            "room": message.room.title.text,
            "number": message.seq,
            "language": language_word(translation.language),
            "kind": str(translation.get_kind_display()),
            "version": translation.version,
            "since": translation.attached_at,
            "text": translation.text if _may_read(user, message, readable) else None,
        }


def _rooms_of(user: User) -> set[int]:
    return {room.pk for room in Room.objects.readable_by(user)}


def _may_read(user: User, message: Message, readable: set[int]) -> bool:
    return message.stands and (message.author_id == user.pk or message.room_id in readable)
