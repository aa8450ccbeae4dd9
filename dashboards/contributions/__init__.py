"""What classes and clubs hand in by a link, without an account: the links, the page behind them, the editors' decision.

A text that is taken over is a draft like any other, see dashboards.content. What whoever has a link may read and write
is judged in `writing`.
"""
