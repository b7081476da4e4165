"""The endpoints of /v5/account, /v5/user and /v5/asset that bots and client libraries ask."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from exchange.endpoints import Call, Reply, get, post
from exchange.filters import plain
from exchange.funds import available
from exchange.market import of_category
from exchange.parameters import Takes
from exchange.refusals import UNIFIED_ALONE, Refused
from exchange.standing import documented, seen


@get("/v5/account/wallet-balance", Takes("accountType", texts="accountType coin"))
@documented("v5/account/wallet-balance")
def wallet_balance(call: Call) -> Reply:
    """Of the unified account: in US dollars as a whole, then by coin."""
    if call.given["accountType"] != "UNIFIED":
        raise Refused(UNIFIED_ALONE)
    asked = call.given.get("coin", "").split(",") if "coin" in call.given else list(call.account.coins)
    rows = [coin(call, name) for name in asked if name in call.account.coins]
    total = plain(sum((Decimal(row["usdValue"]) for row in rows), Decimal(0)))
    free = plain(available(call.venue, call.account, "USDT"))
    zeros = "accountIMRate accountIMRateByMp totalInitialMargin totalInitialMarginByMp accountMMRate accountMMRateByMp"
    zeros += " totalPerpUPL accountLTV totalMaintenanceMargin totalMaintenanceMarginByMp"
    account = {
        **dict.fromkeys(zeros.split(), "0"),
        "totalEquity": total,
        "totalMarginBalance": total,
        "accountType": "UNIFIED",
        "totalAvailableBalance": free,
        "totalWalletBalance": total,
        "coin": rows,
    }
    return Reply({"list": [account]})


@seen("https://github.com/ccxt/ccxt/issues/20948 and the note on the page: deprecated since 2025-01-09")
def coin(call: Call, name: str) -> dict[str, Any]:
    """One coin; availableToWithdraw and availableToBorrow are always "" in a unified account."""
    amount = call.account.coins[name]
    zeros = (
        "bonus accruedInterest totalOrderIM totalPositionMM spotHedgingQty unrealisedPnl borrowAmount totalPositionIM"
    )
    return {
        **dict.fromkeys((zeros + " cumRealisedPnl locked spotBorrow").split(), "0"),
        "availableToBorrow": "",
        "availableToWithdraw": "",
        "equity": plain(amount),
        "walletBalance": plain(amount),
        "usdValue": plain(amount * _usd(call, name)),
        "collateralSwitch": True,
        "marginCollateral": True,
        "coin": name,
    }


def _usd(call: Call, name: str) -> Decimal:
    instrument = call.venue.instruments.get(("spot", f"{name}USDT"))
    return call.venue.price(instrument) if instrument else Decimal(1)


@get("/v5/account/info", Takes())
@documented("v5/account/account-info")
def account_info(call: Call) -> Reply:
    """A unified account 2.0 in cross margin."""
    return Reply(
        {
            "marginMode": "REGULAR_MARGIN",
            "updatedTime": "1697078946000",
            "unifiedMarginStatus": 5,
            "dcpStatus": "OFF",
            "timeWindow": 10,
            "smpGroup": 0,
            "isMasterTrader": False,
            "spotHedgingStatus": "OFF",
        }
    )


@get("/v5/account/fee-rate", Takes("category", texts="category symbol baseCoin"), 5)
@documented("v5/account/fee-rate")
def fee_rate(call: Call) -> Reply:
    """Told, but not taken from any balance here."""
    rates = {"takerFeeRate": "0.001", "makerFeeRate": "0.001"}
    if call.category != "spot":
        rates = {"takerFeeRate": "0.00055", "makerFeeRate": "0.0002"}
    return Reply({"list": [{"symbol": each.symbol, **rates} for each in of_category(call)]})


@post("/v5/account/set-margin-mode", Takes("setMarginMode", texts="setMarginMode"), 5)
@documented("v5/account/set-margin-mode")
def set_margin_mode(call: Call) -> Reply:
    """Taken, and without effect here."""
    return Reply({"reasons": []})


_PERMISSIONS = {
    "ContractTrade": ["Order", "Position"],
    "Spot": ["SpotTrade"],
    "Wallet": ["AccountTransfer"],
    "Options": ["OptionsTrade"],
}


@get("/v5/user/query-api", Takes(), 10)
@documented("v5/user/apikey-info")
def query_api(call: Call) -> Reply:
    """What the key may do, and from where."""
    key = call.key
    assert key
    allowed = {name: granted if name in key.permissions else [] for name, granted in _PERMISSIONS.items()}
    if key.may_withdraw:
        allowed["Wallet"] = [*allowed["Wallet"], "Withdraw"]
    return Reply(
        {
            "id": "2208369",
            "note": "bot",
            "apiKey": key.api_key,
            "readOnly": int(key.is_read_only),
            "secret": "",
            "permissions": {**allowed, "Derivatives": [], "Exchange": [], "CopyTrading": [], "BlockTrade": []},
            "ips": list(key.ips) or ["*"],
            "type": 1,
            "deadlineDay": key.days,
            "expiredAt": "2031-01-01T00:00:00Z",
            "createdAt": "2025-10-13T03:20:45Z",
            "unified": 0,
            "uta": 1,
            "userID": 1448939,
            "inviterID": 0,
            "vipLevel": "No VIP",
            "mktMakerLevel": "0",
            "affiliateID": 0,
            "rsaPublicKey": "",
            "isMaster": True,
            "parentUid": "0",
            "kycLevel": "LEVEL_1",
            "kycRegion": "MYS",
        },
        ret_msg="",
    )


@get("/v5/asset/coin/query-info", Takes(texts="coin"), 5)
@documented("v5/asset/coin-info")
def coin_info(call: Call) -> Reply:
    """The coins and the chains they move on."""
    rows = [
        {"name": name, "coin": name, "remainAmount": "150000", "chains": [_chain(name)]}
        for name in call.account.coins
        if call.given.get("coin") in (None, name)
    ]
    return Reply({"rows": rows})


def _chain(name: str) -> dict[str, str]:
    return {
        "chainType": name,
        "confirmation": "6",
        "withdrawFee": "0.005",
        "depositMin": "0",
        "withdrawMin": "0.03",
        "chain": name,
        "chainDeposit": "1",
        "chainWithdraw": "1",
        "minAccuracy": "8",
        "withdrawPercentageFee": "0",
        "contractAddress": "",
        "safeConfirmNumber": "12",
    }
