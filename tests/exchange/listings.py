"""How instruments are written, which depends on their category."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from exchange.filters import plain
from exchange.instruments import Instrument


def instrument(each: Instrument) -> dict[str, Any]:
    """One row of instruments-info, whose shape depends on the category."""
    shapes = {"spot": _spot, "option": _option}
    common = {
        "symbol": each.symbol,
        "status": each.status,
        "baseCoin": each.base_coin,
        "quoteCoin": each.quote_coin,
    }
    return {**common, **shapes.get(each.category, _contract)(each)}


def _contract(each: Instrument) -> dict[str, Any]:
    return {
        "symbolId": 5,
        "contractType": "InversePerpetual" if each.category == "inverse" else "LinearPerpetual",
        "launchTime": "1585526400000",
        "deliveryTime": "0",
        "deliveryFeeRate": "",
        "priceScale": str(-int(Decimal(each.tick_size).as_tuple().exponent)),
        "leverageFilter": {"minLeverage": "1", "maxLeverage": each.max_leverage, "leverageStep": "0.01"},
        "priceFilter": {
            "minPrice": plain(each.min_price),
            "maxPrice": plain(each.max_price),
            "tickSize": each.tick_size,
        },
        "lotSizeFilter": {
            "maxOrderQty": each.max_order_qty,
            "minOrderQty": each.min_order_qty,
            "qtyStep": each.qty_step,
            "postOnlyMaxOrderQty": each.max_order_qty,
            "maxMktOrderQty": each.max_mkt_order_qty,
            "minNotionalValue": each.min_notional_value,
        },
        "unifiedMarginTrade": True,
        "fundingInterval": 480,
        "settleCoin": each.settle_coin,
        "copyTrading": "both",
        "upperFundingRate": "0.00375",
        "lowerFundingRate": "-0.00375",
        "isPreListing": False,
        "preListingInfo": None,
        "riskParameters": {"priceLimitRatioX": "0.01", "priceLimitRatioY": "0.02"},
        "symbolType": "",
    }


def _spot(each: Instrument) -> dict[str, Any]:
    return {
        "symbolId": 9,
        "innovation": "0",
        "marginTrading": "utaOnly",
        "stTag": "0",
        "lotSizeFilter": {
            "basePrecision": each.qty_step,
            "quotePrecision": each.quote_precision,
            "minOrderQty": each.min_order_qty,
            "maxOrderQty": each.max_order_qty,
            "minOrderAmt": each.min_notional_value,
            "maxOrderAmt": "8000000",
            "maxLimitOrderQty": each.max_order_qty,
            "maxMarketOrderQty": each.max_mkt_order_qty,
            "postOnlyMaxLimitOrderSize": "60000",
        },
        "priceFilter": {"tickSize": each.tick_size},
        "riskParameters": {"priceLimitRatioX": "0.005", "priceLimitRatioY": "0.01"},
        "symbolType": "",
    }


def _option(each: Instrument) -> dict[str, Any]:
    return {
        "settleCoin": each.settle_coin,
        "optionsType": "Put" if each.symbol.endswith("-P") else "Call",
        "launchTime": "1743669649256",
        "deliveryTime": "1924934400000",
        "deliveryFeeRate": "0.00015",
        "priceFilter": {"minPrice": each.tick_size, "maxPrice": "1110000", "tickSize": each.tick_size},
        "lotSizeFilter": {
            "maxOrderQty": each.max_order_qty,
            "minOrderQty": each.min_order_qty,
            "qtyStep": each.qty_step,
        },
        "displayName": each.symbol,
    }
