"""Word lists for telling names from words: surnames, titles, suffixes, and what names nothing."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜"
    "肖詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵欧阳"
)
"""The common surnames, in Simplified characters."""

WORDS_TOO = frozenset(
    "高何马于方任金白康江史万常武文兰安牛温季章向路管祝左谷时关费盛童项曲成游阳席位查单包司宁黄石余夏田"
    "程许曾易段雷严沿植甘景薄桂柏申尤毕丛焦施洪陶汤顾龙毛孔丁"
)
"""Surnames that are common words too: alone before a title they prove nothing (对方经理)."""

TITLES = (
    "先生|女士|小姐|老师|老師|经理|經理|医生|醫生|医师|醫師|主任|教授|律师|律師|校长|校長|院长|院長|董事长|董事長|总监|總監|"
    "护士|護士|师傅|師傅|警官|法官|局长|局長|处长|處長|科长|科長|阿姨|同学|同學"
)
"""What follows a name of a person, as alternatives of a pattern."""

NOT_IN_GIVEN_NAMES = frozenset(
    "的了是在有和与及或等这那我你他她它们个位名请问让叫给找把被对向从到去来说要会能可不没就都也还又很太最更该本各每某"
    "位班副总代客户部门项目产品大堂住院值年级课任教务办公室主治上下左右前后新老小做当为由因而且但并则即此其中内外间"
    "见谢感联系通知告诉约已将再今明昨早晚末期"
)
"""Characters of ordinary words that stand before a title: 客户经理, 请联系老师."""

SUFFIXES = (
    "公司|集团|集團|银行|銀行|大学|大學|医院|醫院|法院|学院|學院|中学|中學|小学|小學|酒店|机场|機場|大厦|大廈|"
    "出版社|研究所|研究院|协会|協會|基金会|基金會|检察院|檢察院|火车站|火車站|省|市|县|縣|区|區|镇|鎮"
)
"""What ends a name of a place or an organisation, as alternatives of a pattern."""

PLACE_VERBS = frozenset("在到去往从赴于抵回来离")
"""Characters before a place; others may make another word of what follows."""

ONE_CHARACTER = frozenset("省市县区镇")
"""Suffixes that end many ordinary words too."""

NO_PLACE_BEFORE = {
    "市": "超城都上门夜股本全我各早菜开收闹罢楼房花鱼车该县省地级县直两同牛熊毛后集",
    "区": "小社地景校园片山郊城市辖本各该专分禁误时灾军特新老厂库战选牧林矿盲街战自治发雷游美住商业",
    "省": "节反全本各该外俭归发自内两多三同",
    "县": "各全本该两同郊市",
    "镇": "乡城古小冰全本该集市重各两坐",
}
"""Characters before a suffix of one that make an ordinary word with it: 超市, 小区, 节省."""

NO_PLACE_AFTER = {
    "省": "钱时事心电力略下得去着油",
    "区": "分别块域间",
    "市": "场值面民价盈",
    "镇": "定静痛压",
}
"""Characters after a suffix of one that make a word with it: 省钱, 区别."""

NO_NAME = frozenset(
    "的了是在和与及或等有这那我你他她它们个家所该本各全每某当附就去到来从把被给让请对向为以可会能将已不没很都也还又再今明昨"
    "后前新旧贵敝大小老第一二三四五六七八九十两几多些同其此任何另别原现总分子母外内哪佢嘅哋系被"
)
"""Characters that no name of a place or an organisation begins or ends with, to be sure."""

ORDINARY = _set(
    "保险 快递 物业 科技 有限 股份 责任 建筑 装修 搬家 租赁 网络 航空 旅游 广告 咨询 上市 "
    "物流 保洁 家政 地产 置业 人民 当地 儿童 附属 商业 中级 高级 基层 重点 综合 知名 合作 "
    "私立 公立 国立 社区 妇幼 中医 口腔 专科 宠物 国际 中央 投资 储蓄 开户 发卡 手机 网上 "
    "电子 医学 职业 技术 师范 理工 实验 附近 高铁 客运 度假 连锁 经济 商务 星级 办公 写字 "
    "行业 学生 慈善 公益 科学 设计 规划 文艺 少儿 教育 外资 民营 国有 集团 外贸 软件 游戏 "
    "供电 燃气 自来 电力 通信 运输 公交 出租 租车 贸易 食品 制药 医药 传媒 影视 文化 证券 "
    "基金 信托 担保 中介 沿海 直辖 县级 地级 省会 边境 中心 核心 高新 开发 保税 风景 服务 "
    "休息 等候 生活 工作 用餐 吸烟 停车 观众 渡轮 巴士 电视 "
    "登录 打开 使用 联系 下载 注册 安装 选择"
)
"""Two characters before a suffix that describe, and name nothing: 快递公司."""

NO_NAMES = _set(
    "happy merry good we you your they he she it's mr mrs ms miss mx dr prof professor "
    "sir madam lord lady dame captain king queen president "
    "i i'm i'll i've i'd ok okay january february march april may june july august "
    "september october november december jan feb mar apr jun jul aug sep sept oct nov dec "
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur "
    "thurs fri sat sun am pm a the dear hi hello thanks thank best regards yours sincerely "
    "god internet christmas easter english chinese wi-fi wifi bluetooth tv pdf faq asap fyi "
    "id url usb diy rsvp eta ceo cfo cto hr it pin atm gps sms app vip ai pc ps nb re fw "
    "fwd cc bcc tbd tba eod q&a n/a no yes led lcd ppt dvd suv ev utc gmt cet est pst bst "
    "kpi roi qr otp u.s. rmb usd eur gbp cny vat gdp dna mri ct icu er mom dad mum grandma "
    "grandpa auntie uncle aunt new year eve day"
)
"""Capitalised in any text, and no names: titles, months, weekdays, common acronyms."""

LATIN_WORDS = _set(
    "aa qa bug ip nt ok app pdf wifi wi-fi vip ceo hr ppt ai kg km cm mm mg ml gb mb tb "
    "am pm id url usb "
    "diy gps sms atm pin tv kpi q&a faq asap eta email e-mail mail excel word ktv pk cp up "
    "call led qr otp it pc cpu gpu ct mri icu dna gdp iq eq ui ux api vs no yes hi hello "
    "bye sorry rmb usd ps pos nba k m t g l xl"
)
"""Latin letters that Chinese texts use as words."""

SAYS = _set(
    "said says asked asks wants wanted thinks replied texted called wrote told confirmed "
    "suggests suggested invited wonders insists warned promised"
)
"""Verbs that a person does: who stands before them at the start of a sentence is named."""

NO_SPEAKERS = _set(
    "he she they we you it who everyone everybody someone somebody nobody police officials "
    "people management customers users residents parents students teachers doctors experts "
    "scientists researchers organisers organizers staff security support mom mum dad boss "
    "one others both many most some all this that these those neighbours neighbors "
    "colleagues critics sources analysts"
)
"""Ordinary words that stand before such verbs."""
