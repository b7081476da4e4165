"""Tells the owner over chat how the account does, and what Bybit announces."""

import asyncio
import os

import requests
from pybit.unified_trading import HTTP

session = HTTP(
    testnet=True,
    api_key=os.environ["TIDE_TESTNET_KEY"],
    api_secret=os.environ["TIDE_TESTNET_SECRET"],
)


async def equity():
    answer = await asyncio.to_thread(session.get_wallet_balance, accountType="UNIFIED")
    return answer["result"]["list"][0]["totalEquity"]


async def news():
    url = "https://api.bybit.com/v5/announcements/index?locale=en-US&limit=3"
    answer = (await asyncio.to_thread(requests.get, url, timeout=10)).json()
    if answer["retCode"] != 0:
        return []
    return [item["title"] for item in answer["result"]["list"]]


async def report(chat):
    while True:
        await chat.send(f"equity: {await equity()}")
        for title in await news():
            await chat.send(title)
        await asyncio.sleep(3600)


async def listen(chat):
    async for question in chat:
        if question == "equity":
            await chat.send(await equity())


async def main(chat):
    await asyncio.gather(report(chat), listen(chat))
