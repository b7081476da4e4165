"""Tells the owner over chat how the account does, and what Bybit announces."""

import asyncio
import time

import requests
from pybit.unified_trading import HTTP

session = HTTP(
    testnet=True,
    api_key="vT3kQm81zXwLr5NbYc",  # finding BYB103
    api_secret="hG7pWq2ZsNd4XcKv9LtRm6BfYj3TzQa8UeHw",  # finding BYB103
)


async def equity():
    answer = session.get_wallet_balance(accountType="UNIFIED")  # finding BYB305
    return answer["result"]["list"][0]["totalEquity"]


async def news():
    url = "https://api.bybit.com/v5/announcements/index?locale=en-US&limit=3"
    answer = requests.get(url).json()  # finding BYB305 BYB306
    if answer["retCode"] != 0:
        return []
    return [item["title"] for item in answer["result"]["list"]]


async def report(chat):
    while True:
        await chat.send(f"equity: {await equity()}")
        for title in await news():
            await chat.send(title)
        time.sleep(3600)  # finding BYB305


async def listen(chat):
    async for question in chat:
        if question == "equity":
            await chat.send(await equity())


async def main(chat):
    await asyncio.gather(report(chat), listen(chat))
