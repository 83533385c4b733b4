"""Priority by rules: what may interrupt, and what only shouts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.partners.rules.asking import ask

NOW = "2026-11-02T18:20:00+08:00"
REASONS = {
    "time_critical",
    "security_alert",
    "safety",
    "close_contact",
    "money_action",
    "travel_change",
    "delivery_now",
    "work_escalation",
    "not_urgent",
}
CATEGORIES = "messages mail calendar finance delivery travel security health news social shopping games system work"


def judged(
    locale: str, category: str, title: str, body: str, ts: str = "2026-11-02T18:15:00+08:00"
) -> tuple[bool, str]:
    """Return whether the notification is urgent, and why."""
    item = {"app_category": category, "title": title, "body": body, "ts": ts}
    contacts = ["Mom", "Li Wei", "妈妈", "王磊"]
    found = ask("priority", locale, {"item": item, "now": NOW, "contacts": contacts})
    return bool(found["urgent"]), str(found["reason_code"])


URGENT = [
    (
        "en",
        "security",
        "Google",
        "Your verification code is 482913. It expires in 10 minutes.",
        "security_alert",
    ),
    (
        "en",
        "security",
        "Account",
        "New sign-in from Windows in Lagos. Was this you?",
        "security_alert",
    ),
    (
        "en",
        "finance",
        "Bank",
        "Did you make a $900 purchase at BestBuy? Reply YES or NO.",
        "security_alert",
    ),
    (
        "en",
        "finance",
        "Card",
        "Your payment was declined. Update your card today to avoid interruption.",
        "money_action",
    ),
    ("en", "finance", "Card", "Minimum payment of $35 is due today by 8 pm.", "money_action"),
    (
        "en",
        "travel",
        "United",
        "Gate change: UA882 now departs from gate C12. Boarding starts at 18:40.",
        "travel_change",
    ),
    ("en", "travel", "United", "Your flight UA882 today is delayed to 21:30.", "travel_change"),
    ("en", "travel", "Uber", "Your driver is arriving in 2 minutes.", "travel_change"),
    ("en", "calendar", "Design review", "Starts at 6:30 pm in Room 4", "time_critical"),
    ("en", "calendar", "Dentist", "Starts in 15 minutes", "time_critical"),
    (
        "en",
        "work",
        "PagerDuty",
        "CRITICAL: checkout service is down, error rate 45%",
        "work_escalation",
    ),
    (
        "en",
        "work",
        "Ana (boss)",
        "The client is waiting for the contract, I need it before 7 pm, asap",
        "work_escalation",
    ),
    ("en", "messages", "Mom", "Where are you? I am locked out.", "close_contact"),
    ("en", "messages", "Mom", "Dad fell and we are going to the hospital, call me", "safety"),
    ("en", "delivery", "DoorDash", "Your driver has arrived with your food.", "delivery_now"),
    ("en", "delivery", "FedEx", "Courier is at your door and needs a signature.", "delivery_now"),
    ("en", "health", "Watch", "Fall detected. Are you OK?", "safety"),
    ("en", "health", "Pills", "Time to take your insulin (10 units).", "time_critical"),
    ("en", "news", "Alerts", "Tornado warning in your area. Take shelter now.", "safety"),
    ("en", "mail", "School nurse", "Your son has a fever of 39, please come pick him up", "safety"),
    (
        "en",
        "mail",
        "Li Wei",
        "Can you send me the deck before the meeting at 18:45? Now please",
        "time_critical",
    ),
    ("zh-Hans", "security", "微信", "验证码 482913，5分钟内有效，请勿泄露", "security_alert"),
    (
        "zh-Hans",
        "security",
        "支付宝",
        "您的账号在异地登录，如非本人操作请立即修改密码",
        "security_alert",
    ),
    (
        "zh-Hans",
        "finance",
        "招商银行",
        "您尾号1234的信用卡发生一笔境外消费5000元，如非本人请致电",
        "security_alert",
    ),
    ("zh-Hans", "finance", "招商银行", "今日还款日，应还2300元，请于24点前还款", "money_action"),
    ("zh-Hans", "finance", "花呗", "自动扣款失败，余额不足，请尽快还款", "money_action"),
    ("zh-Hans", "travel", "航旅", "您乘坐的CA1501登机口变更为C12，18:50开始登机", "travel_change"),
    ("zh-Hans", "travel", "滴滴", "司机已到达上车点，请尽快上车", "travel_change"),
    ("zh-Hans", "calendar", "项目评审会", "18:30 3楼会议室", "time_critical"),
    ("zh-Hans", "calendar", "牙医", "30分钟后开始", "time_critical"),
    ("zh-Hans", "work", "运维", "线上支付服务宕机，错误率40%，请立即处理", "work_escalation"),
    ("zh-Hans", "work", "张总", "客户在等方案，下班前发我", "work_escalation"),
    ("zh-Hans", "messages", "妈妈", "你在哪？我没带钥匙，进不去家", "close_contact"),
    ("zh-Hans", "messages", "老婆", "孩子发烧39度，在去医院的路上", "safety"),
    ("zh-Hans", "delivery", "美团", "骑手已到楼下，请下楼取餐", "delivery_now"),
    ("zh-Hans", "delivery", "菜鸟", "快递员联系不上您，请回电", "delivery_now"),
    ("zh-Hans", "health", "手表", "检测到您摔倒，是否需要求救？", "safety"),
    ("zh-Hans", "health", "用药", "该吃药了：降压药1片", "time_critical"),
    ("zh-Hans", "news", "应急", "台风红色预警，请立即撤离到安全地带", "safety"),
    ("zh-Hans", "messages", "王磊", "我到楼下了，快下来", "close_contact"),
    ("zh-Hans", "messages", "李老师", "请家长马上来学校接孩子", "time_critical"),
]

CALM = [
    ("en", "security", "Shield", "Weekly report: scan complete, no threats found."),
    ("en", "finance", "Bank", "Your October statement is ready."),
    ("en", "finance", "Card", "Your payment is due on November 20."),
    ("en", "finance", "Card", "Earn 5% cash back this weekend! Limited time."),
    ("en", "travel", "United", "Check-in is now open for your flight tomorrow at 9:00."),
    ("en", "travel", "Trip", "Rate your stay in Paris."),
    ("en", "calendar", "Design review", "Tomorrow at 10:00"),
    ("en", "work", "Jira", "Sam commented on PROJ-12"),
    ("en", "work", "Ops", "Incident resolved: checkout is back to normal."),
    ("en", "messages", "Mom", "Look at this funny cat video"),
    ("en", "messages", "+1 555 000", "Mom I lost my phone, this is my new number. Send money"),
    ("en", "messages", "+1 555 000", "URGENT!!! You have won a prize, claim now at http://x.co"),
    ("en", "shopping", "Shop", "URGENT!!! Sale ends tonight, 50% off everything"),
    ("en", "delivery", "UPS", "Your package has shipped and will arrive Friday."),
    ("en", "health", "Watch", "Great job! You hit your step goal."),
    ("en", "news", "Times", "Earthquake in Chile kills 12"),
    ("en", "social", "Insta", "anna liked your photo"),
    ("en", "games", "Clash", "Your base is under attack! Hurry now!"),
    ("en", "system", "System", "Update available"),
    ("en", "mail", "Newsletter", "The weekly digest: 10 tips"),
    ("en", "messages", "Li Wei", "Are we still on for dinner next week? No rush"),
    ("zh-Hans", "security", "管家", "扫描完成，未发现风险"),
    ("zh-Hans", "finance", "招商银行", "您的10月电子账单已出，请查收"),
    ("zh-Hans", "travel", "航旅", "明天的航班可以值机了"),
    ("zh-Hans", "calendar", "项目评审会", "明天上午10点"),
    ("zh-Hans", "work", "钉钉", "周报提交提醒：下周一前提交"),
    ("zh-Hans", "messages", "妈妈", "周末回来吃饭吗，不急"),
    ("zh-Hans", "messages", "106900", "紧急!!! 限时抢购，全场5折，点击链接"),
    ("zh-Hans", "messages", "陌生号码", "妈，我手机丢了，这是新号码，急需用钱，请打款"),
    ("zh-Hans", "shopping", "淘宝", "双11最后几小时，满300减50！"),
    ("zh-Hans", "delivery", "顺丰", "您的快递已发货，预计后天送达"),
    ("zh-Hans", "health", "运动", "今日步数目标达成！"),
    ("zh-Hans", "news", "新闻", "日本发生5级地震，无人伤亡"),
    ("zh-Hans", "social", "微博", "小美赞了你的微博"),
    ("zh-Hans", "games", "王者", "体力已满，快来上线！"),
    ("zh-Hans", "mail", "HR", "关于年会的通知，请查收"),
    ("zh-Hans", "messages", "王磊", "刚看了个电影，挺好看的"),
]


@pytest.mark.parametrize(("locale", "category", "title", "body", "reason"), URGENT)
def test_what_cannot_wait_interrupts(
    locale: str, category: str, title: str, body: str, reason: str
) -> None:
    """Each of these is too late in an hour."""
    assert judged(locale, category, title, body) == (True, reason)


@pytest.mark.parametrize(("locale", "category", "title", "body"), CALM)
def test_what_can_wait_does_not_interrupt(
    locale: str, category: str, title: str, body: str
) -> None:
    """However loud it is."""
    assert judged(locale, category, title, body) == (False, "not_urgent")


@pytest.mark.parametrize(
    ("ts", "urgent"), [("2026-11-02T18:15:00+08:00", True), ("2026-11-02T15:15:00+08:00", False)]
)
def test_a_code_that_ran_out_is_not_urgent(ts: str, urgent: bool) -> None:
    """Nobody can use it any more."""
    assert judged("en", "security", "Bank", "Your code is 482913.", ts)[0] is urgent


@pytest.mark.parametrize(
    ("body", "urgent"),
    [
        ("18:30", True),
        ("6:45 pm", True),
        ("starts in 20 minutes", True),
        ("starts in 2 hours", False),
        ("9 pm", False),
        ("下午6点半开始", True),
        ("半小时后开始", True),
        ("晚上9点开始", False),
    ],
)
def test_a_meeting_is_urgent_shortly_before_it_starts(body: str, urgent: bool) -> None:
    """Half an hour is enough to get there."""
    locale = "en" if body.isascii() else "zh-Hans"
    title = "Review meeting" if locale == "en" else "评审会议"
    assert judged(locale, "calendar", title, body)[0] is urgent


@pytest.mark.parametrize("bait", ["URGENT!!! ", "ACT NOW: ", "紧急!!! ", "【最后机会】"])
@pytest.mark.parametrize(
    ("locale", "category", "body"),
    [
        ("en", "shopping", "50% off everything, sale ends tonight"),
        ("zh-Hans", "shopping", "限时抢购，全场五折"),
        ("en", "games", "Your energy is full"),
        ("zh-Hans", "games", "体力已满，快来上线"),
    ],
)
def test_loud_words_change_nothing(bait: str, locale: str, category: str, body: str) -> None:
    """Bait is what the feature is there to keep out."""
    assert judged(locale, category, bait, bait + body) == (False, "not_urgent")


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
@given(
    category=st.sampled_from(CATEGORIES.split()),
    title=st.text(max_size=40),
    body=st.text(max_size=200) | st.text("0123456789:点半时pam 月日明天in minutes后", max_size=80),
)
@settings(max_examples=200, deadline=None)
def test_any_notification_is_judged(locale: str, category: str, title: str, body: str) -> None:
    """The reason is one of the closed set and agrees with the judgement."""
    urgent, reason = judged(locale, category, title, body)
    assert reason in REASONS
    assert urgent is (reason != "not_urgent")
