from django.urls import path

from messaging.views import acts, messages, reading, rooms

app_name = "messaging"
urlpatterns = [
    path("rooms/", rooms.room_list, name="room_list"),
    path("rooms/<int:pk>/", rooms.room, name="room"),
    path("rooms/<int:pk>/sync", reading.sync, name="sync"),
    path("rooms/<int:pk>/messages/", messages.post_message, name="post_message"),
    path("rooms/<int:pk>/messages/<int:seq>/", acts.message, name="message"),
    path("rooms/<int:pk>/messages/<int:seq>/history/", acts.history, name="message_history"),
    path("rooms/<int:pk>/messages/<int:seq>/edit/", acts.edit, name="edit_message"),
    path("rooms/<int:pk>/messages/<int:seq>/delete/", acts.delete, name="delete_message"),
    path("rooms/<int:pk>/read/", reading.read_room, name="read_room"),
]
