"""The editors' desk: commands in Telegram. It hands over to the newsroom's desk and publishes nothing by itself."""
