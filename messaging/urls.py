from django.urls import path

from messaging.views import messages, reading, rooms, transcripts

app_name = "messaging"
urlpatterns = [
    path("rooms/", rooms.room_list, name="room_list"),
    path("rooms/<int:pk>/", rooms.room, name="room"),
    path("rooms/<int:pk>/sync", reading.sync, name="sync"),
    path("rooms/<int:pk>/messages/", messages.post_message, name="post_message"),
    path("rooms/<int:pk>/read/", reading.read_room, name="read_room"),
    path("rooms/<int:pk>/transcripts/", transcripts.transcripts, name="transcripts"),
    path(
        "rooms/<int:pk>/transcripts/<int:number>/again/",
        transcripts.try_again,
        name="transcript_again",
    ),
    path(
        "rooms/<int:pk>/transcripts/<int:number>.<slug:kind>",
        transcripts.download,
        name="transcript",
    ),
]
