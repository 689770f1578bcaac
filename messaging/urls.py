from django.urls import path

from messaging.views import marks, messages, places, reading, rooms, search

app_name = "messaging"
urlpatterns = [
    path("rooms/", rooms.room_list, name="room_list"),
    path("rooms/read/", marks.mark_all_read, name="mark_all_read"),
    path("rooms/search/", search.search, name="search"),
    path("rooms/<int:pk>/", rooms.room, name="room"),
    path("rooms/<int:pk>/at/<int:seq>/", places.place, name="place"),
    path("rooms/<int:pk>/on/", places.day, name="day"),
    path("rooms/<int:pk>/sync", reading.sync, name="sync"),
    path("rooms/<int:pk>/messages/", messages.post_message, name="post_message"),
    path("rooms/<int:pk>/read/", reading.read_room, name="read_room"),
    path("rooms/<int:pk>/unread/", marks.mark_unread, name="mark_unread"),
]
