"""Proofreading of English: what is put right, and what is left alone."""

import pytest

from tests.partners.rules.asking import corrected

WRONG = [
    ("i dont know whos coming tommorow.", "I don't know who's coming tomorrow."),
    (
        "He don't like it. She have two dog and one cat.",
        "He doesn't like it. She has two dogs and one cat.",
    ),
    ("Their is alot of people over their.", "There are a lot of people over there."),
    ("its a nice day, isnt it ?", "It's a nice day, isn't it?"),
    ("You should of told me. I could of helped.", "You should have told me. I could have helped."),
    ("Your welcome! your the best.", "You're welcome! You're the best."),
    ("He is taller then me.", "He is taller than me."),
    ("I want too go to the the store.", "I want to go to the store."),
    ("I have went to an university in london.", "I have gone to a university in London."),
    ("She is a honest woman. It took a hour.", "She is an honest woman. It took an hour."),
    ("They was happy. we was late", "They were happy. We were late"),
    (
        "I goed to the shop yesterday and buyed some apples.",
        "I went to the shop yesterday and bought some apples.",
    ),
    ("did you went to the party on saturday ?", "Did you go to the party on Saturday?"),
    ("My mom don't cook. The kids was tired.", "My mom doesn't cook. The kids were tired."),
    ("I am looking forward to meet you.", "I am looking forward to meeting you."),
    (
        "The goverment recieved the enviroments report.",
        "The government received the environments report.",
    ),
    ("I go to the store yesterday.", "I went to the store yesterday."),
    ("We disscussed about the plan since 3 years.", "We discussed the plan for 3 years."),
    (
        "Everyone have a dream. There is many people here.",
        "Everyone has a dream. There are many people here.",
    ),
    ("He go to school every day.", "He goes to school every day."),
    ("The dog wagged it's tail.", "The dog wagged its tail."),
    ("I cant breath in here. Im loosing my mind", "I can't breathe in here. I'm losing my mind"),
    (
        "there going to be late because their not ready",
        "They're going to be late because they're not ready",
    ),
    ("I seen him at the park.", "I saw him at the park."),
    (
        "The principle is simple: Its better then nothing.",
        "The principle is simple: It's better than nothing.",
    ),
    ("Its been a while since we talked.", "It's been a while since we talked."),
    ("The cat hurt it's paw in the garden.", "The cat hurt its paw in the garden."),
    ("I think your right about that.", "I think you're right about that."),
    ("You're car is parked over their.", "Your car is parked over there."),
    (
        "She works more than him but earns less then him.",
        "She works more than him but earns less than him.",
    ),
    ("We was to tired to cook.", "We were too tired to cook."),
    ("I should of went home.", "I should have gone home."),
    ("My brother don't like fish.", "My brother doesn't like fish."),
    ("I have ate already.", "I have eaten already."),
    ("He didn't went to work yesterday.", "He didn't go to work yesterday."),
    ("I definately recieved you're email.", "I definitely received your email."),
    (
        "This is a unique oportunity for an young artist.",
        "This is a unique opportunity for a young artist.",
    ),
    ("lets meet on tuesday at 5.", "Let's meet on Tuesday at 5."),
    ("I am agree with you.", "I agree with you."),
    ("She is more better than before.", "She is better than before."),
    ("There is three cats in the garden.", "There are three cats in the garden."),
    ("Everyone were happy.", "Everyone was happy."),
    ("I look forward to hear from you.", "I look forward to hearing from you."),
    ("He said he would of came.", "He said he would have come."),
    ("Please except my apologies.", "Please accept my apologies."),
    (
        "The weather forecast is good, but I dont know weather to go.",
        "The weather forecast is good, but I don't know whether to go.",
    ),
    ("Who's car is this?", "Whose car is this?"),
    ("I use to live in paris.", "I used to live in Paris."),
    ("He has broke the window.", "He has broken the window."),
    ("i'll be their at 6", "I'll be there at 6"),
    ("We have been waiting since two hours.", "We have been waiting for two hours."),
    ("If he have time, he will come.", "If he has time, he will come."),
    ("I seen the movie last week.", "I saw the movie last week."),
    ("I can goes there.", "I can go there."),
    ("She buyed a new dress.", "She bought a new dress."),
    ("They doesn't know.", "They don't know."),
    ("Yesterday we eat at a restaurant.", "Yesterday we ate at a restaurant."),
    ("Im so exited!", "I'm so excited!"),
    ("Thank you for you're help.", "Thank you for your help."),
    ("We discussed about the problem.", "We discussed the problem."),
    (
        "I would like to know you're opinion on this matter.",
        "I would like to know your opinion on this matter.",
    ),
    ("the meeting is on wensday , right?", "The meeting is on Wednesday, right?"),
    ("Do you has a pen?", "Do you have a pen?"),
    ("Between you and I, it's over.", "Between you and me, it's over."),
    ("I went to the the beach.", "I went to the beach."),
    ("Could you please advice me?", "Could you please advise me?"),
    (
        "I am writting to inform you about the recieved order.",
        "I am writing to inform you about the received order.",
    ),
    ("There house is bigger then ours.", "Their house is bigger than ours."),
    ("A hour later, he come back.", "An hour later, he comes back."),
    ("Their going to love it.", "They're going to love it."),
]

CLEAN = [
    "The company raised its prices because its costs went up.",
    "It's been a long day, and the cat is licking its paws.",
    "They're leaving their bags over there.",
    "If you're going to be late, let your manager know.",
    "I'd rather read than watch TV, but then again I'm tired.",
    "He had had enough, and that that happened is no surprise.",
    "She insisted that he be told; I recommend that she have a rest.",
    "If I were you, I'd ask whether it were possible.",
    "You and he are both right, and my wife and I were there.",
    "Does he have a car? Did she go to an MBA school in the U.S. last year?",
    "A European company hired an honest man for a one-time job in a unique unit.",
    "An hour ago an 8-year-old found a UFO in an SUV near a university.",
    "Visit https://example.com/teh-page or email recieve@exmaple.com, ok?",
    "Run `pip isntall foo` and check teh_config.py, please.",
    "@jhon_smiht said #definately is trending.",
    "We had a two day trip and a five minute walk to a three star hotel.",
    "Read the 5 page report; Chapter 2 page 10 is the key.",
    "I used to live in London, and I'm used to the weather or the lack of it.",
    "What I did made sense; what he said was true.",
    "The number of people is growing, and talking to people is fun.",
    "He lets go of the rope. As is his wont, he sings.",
    '"Who is it?" she asked. "It\'s me," he said.',
    "Well, see you tomorrow. Ill people should rest.",
    "Turn left, then turn right... and you're there.",
    "Mr. Smith vs. Dr. Jones: the case of the year, i.e. the big one.",
    "The book whose cover is torn belongs to the boy who's reading.",
    "More and more often, we see that less is more than enough.",
    "I accept your terms, except the last one.",
    "The effect of the affair didn't affect me.",
    "We all accept the fact that the past has passed.",
    "Don't be quite so quiet; it's quite a quiet place.",
    "Log in in the morning and come on on the weekend.",
    "lol ok",
    "Meet me at 6:30 pm in Room 5, OK? :)",
    "That is what it is is all I can say.",
    "I gave her her book and told him I will will it to be so.",
    "The Teh family may march in May; the march was august.",
    "I can't say it doesn't hurt, but it doesn't have to.",
    "Your right to vote is yours. Keep to your right.",
    "Let him have it. Make it work. Help her have fun.",
    "What time does the train leave? When does my sister have time?",
    "Grandpa's can has rust on it; the can went flying.",
    "My iPhone and my MacBook weren't cheap.",
    "Tools I use to cook include knives my friends have.",
    "It was broke-proof, he joked; he is broke.",
    "To whom it may concern: the dogs that you were walking are fine.",
    "She said she had gone, and I've seen her do it.",
    "We were going home when they were leaving.",
    "The kids, however, were having fun, and so were we.",
    "He does the best he can and has a lot to do.",
    "I have only one friend here, but a few days from now I'll have two.",
    "Those who want peace work for it, and these work well together.",
    "Everyone was there: Tom, Ann, and I.",
    "I'm happy to. You know what I want you to.",
    "There, their, they're — my teacher's favourite trio.",
    "The data is in; the team are celebrating their win (in British English).",
    "I lent him money; then he lent me his car.",
    "It is better then to wait. Better late than never.",
    "We need more older volunteers. The best way to close the gap is to talk.",
    "Nobody knows how it works, do they?",
    "See pp. 10-12 of vol. 2, etc. and so on.",
    "Yesterday was fun; I go there often.",
    "Either works for me. Has anyone seen my keys?",
    "Our flight's at 5 a.m. so sleep early.",
    "to-do: buy milk, eggs, bread",
    "I think you should have the house to yourselves.",
    "Do as he does, not as he says. Should it have to rain, we'd cope.",
    "Could the boss have left? Can everyone have one?",
    "He'll come once, at most twice. The news has been good.",
    "Is your mom at home? Are your parents? Was the shop open?",
    "haha yeah, see u there",
    "It's your turn, and it's time to go.",
    "I saw people that work there, and the girl my friends have met.",
    "The train that the students were waiting for was late.",
    "Their loss, our gain. Theirs was better.",
    "There was a fire; there has been a storm, and there have been worse.",
    "I know that your work matters, and that your house is near.",
    "The affair ended then, and they were happy then.",
    '"I can\'t," she said, "not now."',
    "He'd better go, or he'll miss it. She'd have gone.",
    "Let me know if there's anything you need.",
    "The dogs wagged their tails while the cat licked its paw.",
    "Who's there? Whose is it?",
    "I was so excited to hear from you!",
    "It's an hour's drive to the U.K. border.",
    "A one-way street, a used car, a European tour, an MRI scan.",
    "We'd have loved it if you had come.",
    "She has run a marathon, and he ran one too.",
    "There are too many people and too much noise in this two-room flat.",
    "It depends on the weather whether we go.",
    "You must have seen it by now; I have.",
    "My colleagues and I have finished, and so has my boss.",
    "Neither he nor she has replied.",
    "Do you think he has a chance?",
    "Never have I seen such a mess.",
    "What you have done is what you have to live with.",
    "Here's what he does: he goes in, then he comes out.",
    "I'd like to thank you for your help and your time.",
    "The meeting's at 10:30 a.m. on Friday, 5 May 2026.",
    "To be or not to be, that is the question.",
    "My mother-in-law's cookies are better than ever, even then.",
    "Some people have everything; some have nothing.",
    "I've never been to Paris, but I've always wanted to go.",
    "This is the most beautiful place in the world.",
    "We need to talk about Kevin's behaviour and the colour of the centre.",
    "As of May 2026, it may rain in March; we march on.",
    "A lot of things are going on at once.",
    "It was in the 1990s that e-mail took off: 3,000 messages a day!",
    "Take the second left, go past the bank, and it's on your right.",
    "Not only did he come, he also brought cake.",
    '"Is it yours?" "No, it\'s hers."',
    "They said they'd be there by 6, didn't they?",
    "Read more at www.example.org/its-a-test or in report_v2.pdf.",
    "The film's plot, its cast and its music are great.",
    "I'm all right, thanks. All is well; well done!",
]


@pytest.mark.parametrize(("wrong", "right"), WRONG)
def test_what_is_surely_wrong_is_put_right(wrong: str, right: str) -> None:
    """A reader would mind each of these."""
    assert corrected("en", wrong) == right


@pytest.mark.parametrize("text", [right for _, right in WRONG])
def test_a_corrected_text_stays_as_it_is(text: str) -> None:
    """Proofreading twice is proofreading once."""
    assert corrected("en", text) == text


@pytest.mark.parametrize("text", CLEAN)
def test_a_clean_text_is_not_touched(text: str) -> None:
    """A wrong correction costs more trust than a missed one."""
    assert corrected("en", text) == text


def test_protected_stretches_come_back_as_they_are() -> None:
    """A quotation may be wrong on purpose."""
    assert corrected("en", "He wrote 'i dont know' and i dont care.", (10, 21)) == (
        "He wrote 'i dont know' and I don't care."
    )


@pytest.mark.parametrize(
    "odd", ["`teh = its`", "@jhon_teh", "#definately", "http://a.io/teh?x=dont"]
)
def test_code_links_and_names_come_back_as_they_are(odd: str) -> None:
    """They are not prose."""
    assert corrected("en", f"See {odd} , its the best.") == f"See {odd} , it's the best."


def test_shouting_is_left_alone() -> None:
    """All capitals may be a name or an acronym."""
    assert corrected("en", "NASA AND TEH IT DEPT DONT") == "NASA AND TEH IT DEPT DONT"
