from django.urls import path

from messaging import views

app_name = "messaging"
urlpatterns = [
    path("rooms/", views.room_list, name="room_list"),
    path("rooms/<int:pk>/", views.room, name="room"),
    path("rooms/<int:pk>/sync", views.sync, name="sync"),
    path("rooms/<int:pk>/messages/", views.post_message, name="post_message"),
    path("rooms/<int:pk>/read/", views.read_room, name="read_room"),
]
