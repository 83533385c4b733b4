"""Word lists for telling denials from what only looks like one, in Chinese and in English."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NOT_EMPTY = (
    "但 仅 只 止 光 单 错 过(?![分量敏期关户夜时问]) 久 断 论 管 禁 料 愧 由 妨 客气 少 "
    "同(?![意步]) 锈 干胶 倒翁 时 惜 亦 约而 谋而 动产 得不 得了 得已 能不 会不 可不 可思 一会 "
    "多时 亚于 翼而 计其 遗余 外乎 胜感 是吗 是么 等式 可开交 日(?=[送抵到内将即]) 好意思 好说 "
    "超过 低于 高于 晚于 早于 迟于 少于 大于 小于 得(?=[超低高晚早迟少多][过于]) 尽(?=[。！，!,]) "
    "行(?<=[到得]不行) 停(?<=个不停) 住(?<=[忍禁止]不住) 起(?<=[了对]不起) 多(?<=差不多) "
    "离(?<=差不离) 了(?<=[大少免]不了) 得(?<=[恨巴怪了]不得) 防(?<=冷不防) 丁(?<=冷不丁) "
    r"动(?<=动不动) 是(?<=[要莫岂]不是) 湿(?<=尿不湿) 到(?=[\s0-9一二三四五六七八九十百千半两兩]) "
    "见不 至(?=[于於])"
)
"""After 不, together with it: words that deny nothing at all (不但, 不过, 忙得不可开交)."""

NOT_FAINT = (
    "得(?<=舍不得) 免 如 然 幸 安 便 足 良 屈 朽 慎 当 知 起眼 用谢 用客 小心 远 出意 辞 敢当 齐 "
    "及待 绝 息 挠 忘 迫 苟 懈 转睛 胜收 应求 孕 变 急 着急 详 测 满 适 舒服 平等 稳 甘 凡 解之 "
    "明飞 过分 怎么 怎样 太 大好 算 像话 得而知 成敬意 识泰山 送(?<=走不送) 回(?<=去不回) "
    "动(?<=动不动) 染(?<=尘不染) 拔(?<=毛不拔) 变(?<=成不变) 通(?<=窍不通) 振(?<=蹶不振) "
    "值(?<=文不值) 三不四 慌不忙 伦不类 声不响 折不扣 了了之 言而喻 约束 堪 屑 懂事 要脸 动声色 "
    "相上下 入流 可或缺 可多得 可避免 厌其烦 亦乐乎 省心 景气 动如山 在话下 在乎 释手 顾一切 "
    "打自招 近人情 法 卖座 理想 对劲 痛快 必说 比 容(?=易) 情愿 耐烦 可磨灭 合适 合理 正常 公平 "
    "明确 清楚 确定 经意 自觉 自禁 由主 穷 尽"
)
"""After 不: words that deny no more than an adjective does (不安, 不变)."""

GRADABLE_ZH = (
    "深浅远近贵难大小高低多早晚新旧长短重轻冷热快慢厚薄宽窄强弱胖瘦忙累饿渴好坏差吵静甜辣咸"
)
"""After 不: what has an opposite, which another language says instead (不深, shallow)."""
GRADABLE_EN = (
    r"(?:not|n'?t) (?:a |an )?(?:(?:very|so|too|that|all that|particularly|really|exactly|quite) )?"
    r"(?:far|long|big|small|large|high|low|deep|easy|hard|difficult|heavy|light|cheap|expensive|good|bad|"
    r"well|great|quiet|loud|fast|slow|early|late|many|much|old|new|young|hot|cold|warm|tired|hungry|rich|"
    r"poor|strong|weak|rare|common|busy|wide|narrow|thick|thin|short|tall|close|near|happy|sad|mad|angry|"
    r"simple|sweet|sure|certain|clear|keen|fond|here|home)\b"
)
"""The same in English."""

NOT_FAINT_AFTER = "用着 说定 算上 保准 说准 谈上 称上 吃消 等及 少了 离开 由得 好容 由自"
"""Before and after 不: what it makes a set phrase with (说不定, 谈不上, 好不容易)."""

HAVE_NOT_FAINT = (
    "准 事 关系 问题 错 劲 辙 收(?!到|听|看|下|齐|费|钱|过|我|他|你|拾|获|取|入|拿|礼) 落 完没 "
    "想到 说的 得说 谱 趣 有问题 有关系 有事 有错 什么大 几天 多久 有什么大 出息 精打采 电 大没小 "
    "完(?=没)"
)
"""After 没: words that deny little (没准, 没事, 没想到)."""

NOT_YET_EMPTY = "来(?!得|過|过|电|信) 婚夫 婚妻 知 成年 央 雨绸 时 老先 名湖 必 尝不"
"""After 未: words that deny nothing (未来)."""

WITHOUT_EMPTY = (
    "论 线 限 人机 数 比 锡 疑 私 辜 聊 情 穷 尽 非 所谓 微不 花果 言以 与伦 价 时无 处不 所不 "
    "独有 一不"
)
"""After 无: words that deny nothing (无论, 无线, 无比)."""

WITHOUT_CLEAR = (
    "法 需 须 罪 责 权 力 异常 伤亡 意 缘 望 果 效 关 一人 一例 一伤 一幸 人员伤 人受 人伤 人死 "
    "人接 人应 人报 法律 发热 发烧 损坏 损伤 破损 变化 明显 证据 记录 生命危险 大碍 过敏 故障 库存 "
    "货 座位 空房 电梯 车位"
)
"""After 无: words that do deny."""

DONT_AFTER = "特区區级級性告分差个個辨鉴鑑識识派類类送離离诀訣有界地职職国國组組永久话話惜握饯辞辭拜道作赠贈判甄"
"""Before 别, these make a word that forbids nothing: 特别, 区别."""

DONT_EMPTY = "人 的 处 墅 名 针 致 扭 样 国 号 称 具 出心 册 克 家 看他 看我 提 开生 馆 室 有 字 扣"
"""After 别: words that forbid nothing (别人, 别墅)."""

AUXILIARIES = _set(
    "is are was were do does did has have had would should could might must need ai wo ca sha"
)
"""What -n't is written to, with or without its apostrophe."""

DENIALS_EN = (
    r"not(?! only| just| merely| to mention| bad\b| least)",
    r"cannot(?! wait\b)",
    r"never(?! mind)",
    r"without(?! (?:a |any )?(?:doubt|question|fail))",
    r"neither",
    r"nor",
    r"none(?! other| the )",
    r"nothing(?! but)",
    r"nobody",
    r"nowhere",
    r"no one",
    r"no longer",
    r"no(?<!oh.no)(?<!or.no)(?![.,!?;:]|[.]? ?[0-9]|[-/]|$)"
    r"(?! ?(?:doubt|wonder|problem|worries|matter|sooner|later than|more than|less than|fewer than"
    r"|need to worry|rush|pressure)\b)",
    r"dunno",
    r"w/o",
    r"den(?:y|ies|ied|ying|ial)",
    r"debunk(?:s|ed)?",
    r"refut(?:es?|ed)",
)
"""English words that deny, as patterns; the text is in lower case."""

FIGURES_ZH = (
    "不见不散 天下没有 谁(?:也)?[不没别] 哪(?:能|会|有|儿都)?不 [怎岂]能不 岂不 巴不得 恨不得 "
    "没完没了 差点(?:儿)?没 差一点没 "
    "[不别](?:要|用|必|能)?再?(?:忘|担心|错过|急|着急|误|害怕|怕|犹豫|介意|客气|谢|逗|闹|开玩笑) "
    "[不别](?:要|用|必|能)?再?(?:见外|多礼|送了|麻烦|提了|装了|打扰) "
    "要不要 怎么不 何不 要不 不用了 不了(?=[，。！,!]|$) 非[^，。！？；]{1,8}不可 "
    "[^，。！？；]{0,30}[不没][^，。！？；]{0,30}[吗么呢吧][？?] "
    "[不没][^，。！？；]{0,30}吧[！!。] 不[^，。！？；]{1,12}[就不][^，。！？；]{0,30} "
    "(?:不是|唔係)[^，。！？]{1,12}(?:，是|而是|就是|，係) "
    "，(?:而)?(?:不是|唔係|不係|并非)[^，。！？；]{1,8}(?=[，。！？；]|$) "
    "[无没][^，。！？；]{0,6}不 没[^，。！？；]{1,8}(?:之前|以前|前) "
    "[不没]有?[^，。！？；]{0,8}(?:更|比)[^，。！？；]{0,6}了"
)
"""Denials without force, as patterns: asked, doubled, polite or a figure of speech (不见不散)."""

FIGURES_EN = (
    r"(?:don'?t|do not|never|not) (?:forget|worry|hesitate|miss|mind|be afraid|delay|mention it)\b|"
    r"why (?:not|don'?t|doesn'?t)\b|(?:or|if|whether or) not\b|"
    r"(?:not|no) (?:later|more|less|earlier|fewer) than\b|"
    r"(?:ca|could)(?:n'?t|nnot| not) "
    r"(?:agree more|care less|be happier|be better|be more|ask for more|thank you enough)|"
    r"(?:not|(?:is|are|was|were)n'?t) [^.,;!?]{1,40}[,;] ?(?:but|it'?s|it is|rather) |"
    r"(?<=, )not [^.,;!?]{1,30}(?=[.,;!?]|$)|"
    r"(?:can'?t|cannot) (?:even(?= ?(?:[.!?]|$))|help\b|be too\b|complain|beat\b)|"
    r"(?:not|[a-z]{2,6}n'?t) (?:gonna|going to|to) lie\b|"
    r"(?:is|are|was|do|did|does|have|has|wo|ca|could|would)n'?t [^.!?]{0,120}\?|no,? thanks?\b|"
    r"(?:come|came|comes|good|thanks) (?:to|for) nothing|"
    r"nothing (?:much|beats?|like|short of|else|less than)\b|"
    r"(?:not|[a-z]{2,6}n'?t) (?:sure|certain) (?:if|whether|about)|(?:didn'?t|did not) mean to|"
    r"(?:not|[a-z]{2,6}n'?t) say no|none of (?:your|my|his|her|our|their) business|"
    r"never (?:[a-z]+ ){1,3}(?:better|worse|more|[a-z]{3,}er)\b|no pain, no gain|in no time|"
    r"no (?:big )?deal|no (?:use|point|way|rush|hurry|harm|offence|strings|idea why)\b|"
    r"not? (?:long|far) (?:ago|from|off)|not (?:half|least|to mention)\b|long time no\b|"
    r"nothing ventured\b[^.]*"
)
"""The same in English; the text is in lower case."""

UNLESS_SAID = r"(?:\bnot|n'?t|never)\b[^.!?;]{0,120}\b(until|till|unless|without|before)\b"
"""Denied up to a point (not until nine): the other text may say it of what follows (at nine)."""

STAND_INS_ZH = (
    "失败 错过 关闭 关门 打烊 停业 歇业 拒 取消 缺 售罄 卖完 卖光 禁 忌 避免 停 难以 难 排除 推翻 "
    "破裂 落空 漏 谢绝 婉拒 恳辞 敬辞 辞 恕 爽约 落选 落榜 挂科 延期 推迟 改期 改天 改日 耗尽 用完 "
    "用尽 告吹 泡汤 黄了 暂缓 中断 失联 失效 作废 过期 退出 放弃 撤 谣 虚假 仅 只有 只能 只限 只收 "
    "只好 除非 忘 抱歉 遗憾 可惜 恐怕 待定 尚待 仍需 尚需(?![0-9一二两三四五六七八九十]) "
    "还需(?![0-9一二两三四五六七八九十]) 还得 仍 还在 少于 低于 最多 最晚 "
    "最迟 至多 清白 直到 逾期 少见 罕见 断 故障 反对 免 严禁 以外 之外 而非 休想 甭 另计 另付 另收 "
    "自理 自费 欠佳 欠妥 欠 紧张 懒得 讨厌 少(?=废话|管|来|说|吃) 包涵 海涵 止步 当心 小心 隐瞒 "
    "从缓 余地 空腹 空着 素 何必 何苦 哪里 否则"
)
STAND_INS_EN = (
    r"fail miss(?:ed|es|ing)?\b clos(?:ed|es|ing|e)\b shut refus reject declin cancel call.*.off "
    r"absen sold.out bann?(?:ed|s)?\b forbid prohibit avoid stop hard.to rul(?:ed|es|ing|e).out "
    "overturn fell.through skip postpon delay reschedul ran.out run.out out.of suspend interrupt "
    r"expire invalid void withdr false fake rumou?r only\b except unless until forg[eo]t empty lack "
    "unable un(?!der|i|til|cle|less)[a-z]{3,} ir(?:re|ra)[a-z]{3,} "
    "im(?:poss|prop|prac|perf|mob)[a-z]+ "
    "in(?:correct|complete|active|eligible|accurate|valid|edible|sufficient|convenient|direct|nocent|accessible) "
    "il(?:legal|legible|logical) mis(?:take|understand|lead|place) impossible "
    "dis(?:agree|approve|continue|allow|like|able|miss) broke broken sorry afraid regret sadly "
    r"pending yet.to still\b fewer less\b at.most rare hardly barely seldom scarcely too\b prevent "
    r"instead rather.than halt abandon free\b remain deny den(?:ies|ied|ial) dismiss off\b oppos "
    r"against non- leav(?:e|es|ing)\b alone overdo quit no\b nah\b nope\b non[a-z]+ stay.home "
    r"keep.(?:out|off|away|clear) hold.on stay\b mind\b watch beware caution careful dead\b full\b "
    r"fully.booked anything.but hate dislike ill\b sick unwell under.the.weather lose\b lost\b "
    r"loses kidding joking leg\b doubt exempt waive without nothing cold.feet far.from rain.check "
    r"in.vain zero\b nil\b lazy over\b excuse pardon forgive beyond anyone.can talk.is.cheap "
    r"please.stop gone\b minus down\b otherwise other.than apart.from slightly shallow wrong moved "
    r"quiet silent silence awake clear\b perfectly poor bad\b badly terrible awful expensive "
    r"difficult last\b instead.of resign"
)
"""Of such words fair paraphrases of a denial are made: did not arrive is missed."""

ALWAYS_STAND_IN = ("still", "yet to", "仍", "仍需", "尚需", "还需", "还得", "only", "仅")
"""Stand-ins that may be in both texts: still has not paid, still has to pay."""

PAST = {
    verb: tuple(forms.split())
    for verb, forms in {
        "come": "came",
        "go": "went gone goes",
        "take": "took taken",
        "buy": "bought",
        "bring": "brought",
        "pay": "paid",
        "say": "said",
        "tell": "told",
        "see": "saw seen",
        "give": "gave given",
        "get": "got gotten",
        "find": "found",
        "leave": "left",
        "make": "made",
        "send": "sent",
        "sell": "sold",
        "write": "wrote written",
        "eat": "ate eaten",
        "drink": "drank drunk",
        "drive": "drove driven",
        "keep": "kept",
        "meet": "met",
        "break": "broke broken",
        "choose": "chose chosen",
        "speak": "spoke spoken",
        "win": "won",
        "lose": "lost",
        "hear": "heard",
        "hold": "held",
        "know": "knew known",
        "begin": "began begun",
        "sign": "signed",
        "steal": "stole stolen",
        "forget": "forgot forgotten",
        "think": "thought",
        "feel": "felt",
        "wear": "wore worn",
        "do": "did done",
    }.items()
}
"""Common verbs and their past forms."""

FUNCTION_WORDS = _set(
    "the a an any some to of in on at for with from by and or but so as it its it's this that these those "
    "there here i i'm you he she we they me him her us them my your his our their be been being is are was "
    "were am do does did have has had will would can could should may might must need to all every each one "
    "very too much more most yet still ever even again just really quite please get who what when where which "
    "than then if because about into out up not no nor never longer also only let lets thing things way "
    "time now today sorry thanks gonna going u ur"
)
"""English words that say nothing of what is denied."""

PARTICLES = frozenset(
    "的了是在有和与及或也都就还再能可会要想敢肯该得必须应被把给让我你您他她它们这那着过吗吧呢啊呀哦嘛哈不没未"
)
"""Chinese characters of grammar: no verb is written with one of them."""
FUNCTION_CHARACTERS = frozenset(
    "的了是在有和与及或也都就还再能可会要想敢肯该得必须应准许被把给让对向为到我你您他她它们这那哪什么怎个些着过"
    "吗吧呢啊呀哦嘛哈用使很太更最曾从并没不未无别勿任何请先后以之其所办法一人点来去做出上下里说"
)
"""Chinese characters that alone say nothing of what is denied."""
