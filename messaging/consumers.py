from channels.generic.websocket import AsyncJsonWebsocketConsumer


class PortalConsumer(AsyncJsonWebsocketConsumer):
    pass
