"""The demo's newsroom: a small paper on 127.0.0.1 that publishes by itself, so that Ajil can be seen at work."""
