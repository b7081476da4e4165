"""How orders, executions and positions are written in answers and pushes: all numbers are texts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from exchange.accounts import Account, Holding, Slot, worth
from exchange.filters import plain
from exchange.instruments import Instrument
from exchange.records import Execution, Order

# https://bybit-exchange.github.io/docs/v5/order/open-order
_UNUSED_OF_ORDER = {
    "blockTradeId": "",
    "isLeverage": "",
    "cumExecFee": "0",
    "orderIv": "",
    "ocoTriggerBy": "",
    "tpLimitPrice": "",
    "slLimitPrice": "",
    "placeType": "",
    "smpType": "None",
    "smpGroup": 0,
    "smpOrderId": "",
    "cumFeeDetail": {},
    "parentOrderLinkId": "",
}


def order(each: Order) -> dict[str, Any]:
    """One row of /v5/order/realtime and of the topic `order`."""
    left = Decimal(each.qty) - Decimal(each.exec_qty) if each.is_open else Decimal(0)
    return {
        **_UNUSED_OF_ORDER,
        "orderId": each.order_id,
        "orderLinkId": each.order_link_id,
        "symbol": each.symbol,
        "price": each.price,
        "qty": each.qty,
        "side": each.side,
        "positionIdx": each.position_idx,
        "orderStatus": each.order_status,
        "createType": "CreateByUser",
        "cancelType": each.cancel_type,
        "rejectReason": each.reject_reason,
        "avgPrice": each.avg_price,
        "leavesQty": plain(left),
        "leavesValue": plain(left * Decimal(each.price)),
        "cumExecQty": each.exec_qty,
        "cumExecValue": each.exec_value,
        "timeInForce": each.time_in_force,
        "orderType": each.order_type,
        "stopOrderType": "Stop" if each.trigger_price else "",
        "marketUnit": each.market_unit,
        "triggerPrice": each.trigger_price,
        "takeProfit": each.take_profit,
        "stopLoss": each.stop_loss,
        "tpslMode": "Full" if each.take_profit or each.stop_loss else "",
        "tpTriggerBy": "LastPrice" if each.take_profit else "",
        "slTriggerBy": "LastPrice" if each.stop_loss else "",
        "triggerDirection": each.trigger_direction,
        "triggerBy": each.trigger_by,
        "lastPriceOnCreated": "",
        "reduceOnly": each.reduce_only,
        "closeOnTrigger": each.close_on_trigger,
        "createdTime": str(each.created),
        "updatedTime": str(each.updated),
    }


def execution(each: Execution) -> dict[str, Any]:
    """One row of /v5/execution/list and of the topic `execution`."""
    return {
        "symbol": each.symbol,
        "orderType": each.order_type,
        "underlyingPrice": "",
        "orderLinkId": each.order_link_id,
        "side": each.side,
        "indexPrice": "",
        "orderId": each.order_id,
        "stopOrderType": "UNKNOWN",
        "leavesQty": "0",
        "execTime": str(each.exec_time),
        "feeCurrency": "",
        "isMaker": False,
        "execFee": "0",
        "feeRate": "0.00055",
        "execId": each.exec_id,
        "tradeIv": "",
        "blockTradeId": "",
        "markPrice": each.exec_price,
        "execPrice": each.exec_price,
        "markIv": "",
        "orderQty": each.order_qty,
        "orderPrice": each.order_price,
        "execValue": each.exec_value,
        "execType": "Trade",
        "execQty": each.exec_qty,
        "closedSize": each.closed_size,
        "extraFees": "",
        "seq": 4688002127,
    }


def position(account: Account, instrument: Instrument, slot: Slot, mark: Decimal) -> dict[str, Any]:
    """One row of /v5/position/list; an empty position has the side ""."""
    held = account.holding(slot)
    return {
        **_numbers(account, instrument, held, mark),
        "positionIdx": slot[2],
        "riskId": 1,
        "riskLimitValue": "2000000",
        "symbol": instrument.symbol,
        "side": held.side,
        "size": plain(held.size),
        "tradeMode": 0,
        "positionStatus": "Normal",
        "autoAddMargin": 0,
        "adlRankIndicator": 2 if held.size else 0,
        "leverage": account.leverage(slot[0], slot[1]),
        "liqPrice": "",
        "bustPrice": "",
        "tpslMode": "Full",
        "takeProfit": held.take_profit,
        "stopLoss": held.stop_loss,
        "trailingStop": held.trailing_stop,
        "curRealisedPnl": "0",
        "cumRealisedPnl": "0",
        "seq": 5723621632 if held.size else -1,
        "isReduceOnly": False,
        "mmrSysUpdatedTime": "",
        "leverageSysUpdatedTime": "",
        "sessionAvgPrice": "",
        "createdTime": str(held.since),
        "updatedTime": str(held.updated),
    }


def _numbers(account: Account, instrument: Instrument, held: Holding, mark: Decimal) -> dict[str, str]:
    if not held.size:
        names = "positionValue positionBalance positionIM positionIMByMp positionMM positionMMByMp unrealisedPnl"
        return {**dict.fromkeys(names.split(), ""), "avgPrice": "0", "markPrice": plain(mark), "breakEvenPrice": ""}
    value = worth(instrument, held.size, held.avg_price)
    margin = plain(value / Decimal(account.leverage(instrument.category, instrument.symbol)))
    gain = worth(instrument, held.size, mark) - value
    gain *= (1 if held.side == "Buy" else -1) * (-1 if instrument.category == "inverse" else 1)
    return {
        "avgPrice": plain(held.avg_price),
        "positionValue": plain(value),
        "positionBalance": margin,
        "positionIM": margin,
        "positionIMByMp": margin,
        "positionMM": "0",
        "positionMMByMp": "0",
        "markPrice": plain(mark),
        "breakEvenPrice": plain(held.avg_price),
        "unrealisedPnl": plain(gain),
    }
