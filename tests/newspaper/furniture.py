"""Everything on a page that is not the article: words and boxes, in both languages. None of it may reach a record."""

from __future__ import annotations

NAME = {"en": "The Veslyn Courier", "uk": "Веслинський кур’єр"}
HOME = {"en": "Home", "uk": "Головна"}
BY = {"en": "By ", "uk": "Автор: "}
AND = {"en": " and ", "uk": ", "}
PHOTO = {"en": "Photo: ", "uk": "Фото: "}
PUBLISHED = {"en": "Published", "uk": "Опубліковано"}
UPDATED = {"en": "Updated", "uk": "Оновлено"}
CATEGORY = {"en": "Category", "uk": "Категорія"}
DATE = {"en": "Publication date", "uk": "Дата публікації"}
TOPICS = {"en": "Topics", "uk": "Теги"}
RELATED = {"en": "More on this topic", "uk": "Більше по темі"}
ALSO = {"en": "Read also:", "uk": "Читайте також:"}
NEXT = {"en": "Next page", "uk": "Наступна сторінка"}
FULL = {"en": "Full text", "uk": "Увесь текст"}
MOST_READ = {"en": "Most read", "uk": "Найпопулярніше"}
TICKER_LABEL = {"en": "Just in", "uk": "Щойно"}

MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня".split(),
}

COOKIES = {
    "en": "We bake cookies ourselves and also store some in your browser. Choose which ones you would like.",
    "uk": "Ми печемо печиво самі, а дещицю зберігаємо й у вашому браузері. Оберіть, яке вам до смаку.",
}
COOKIE_BUTTONS = {"en": ("Accept all", "Only what is needed"), "uk": ("Прийняти все", "Лише потрібне")}
NEWSLETTER = {
    "en": ("The Quay Letter", "Every Friday at noon: five stories from the river in your inbox.", "Subscribe"),
    "uk": ("Лист із пристані", "Щоп’ятниці опівдні: п’ять історій з берега у вашій скриньці.", "Підписатися"),
}
BENEFITS = {
    "en": (
        "Your subscription includes",
        ("Unlimited reading on five devices", "The Saturday crossword, printable", "Ten gift articles a month"),
    ),
    "uk": (
        "Що дає передплата",
        ("Необмежене читання на п’яти пристроях", "Суботній кросворд для друку", "Десять подарованих статей на місяць"),
    ),
}
TICKER = {
    "en": ("Ferry delayed by ten minutes", "Herring at 4.20 a kilo", "Rain from noon"),
    "uk": ("Пором спізнюється на десять хвилин", "Оселедець по 4,20 за кіло", "Опівдні дощ"),
}
COMMENTS = {
    "en": (
        "Comments (2)",
        (
            ("rope_walker", "My grandmother would have had something to say about this, and she said it loudly."),
            ("Millbanker", "Typical. On our side of the river nobody gets asked."),
        ),
    ),
    "uk": (
        "Коментарі (2)",
        (
            ("канатник", "Моя бабуся мала б що сказати з цього приводу, і то голосно."),
            ("млинарка", "Як завжди: на нашому березі нікого не питають."),
        ),
    ),
}
COMMENT_FORM = {"en": "Log in to write a comment", "uk": "Увійдіть, щоб залишити коментар"}
BIO = {
    "en": "has been with the Courier since 2017 and keeps a boat that does not float.",
    "uk": "працює в «Кур’єрі» від 2017 року й тримає човна, який не плаває.",
}
SHARE = {"en": ("Share", "Copy link", "Print"), "uk": ("Поділитися", "Копіювати посилання", "Друк")}
COPYRIGHT = {
    "en": "© The Veslyn Courier. A made-up newspaper for Pressmark's tests. Reprints are welcome.",
    "uk": "© Веслинський кур’єр. Вигадана газета для випробувань Pressmark. Передрук вітається.",
}
PAYWALL = {
    "en": ("This article is for subscribers", "Continue reading with a subscription for 6 crowns a month.", "Log in"),
    "uk": ("Ця стаття для передплатників", "Читайте далі з передплатою за 6 крон на місяць.", "Увійти"),
}
WALL = {
    "en": "Before you continue: we and our 214 partners would like to store and read information on your device. Accept all or reject all.",
    "uk": "Перш ніж продовжити: ми та 214 наших партнерів хочемо зберігати й читати дані на вашому пристрої.",
}


def noise(lang: str) -> list[str]:
    """Strings of which none may stand in a body."""
    name, pitch, _ = NEWSLETTER[lang]
    title, comments = COMMENTS[lang]
    return [
        COOKIES[lang], name, pitch, BENEFITS[lang][0], *BENEFITS[lang][1], *TICKER[lang], title,
        *(text for _, text in comments), COMMENT_FORM[lang], BIO[lang], SHARE[lang][1], COPYRIGHT[lang],
        RELATED[lang], ALSO[lang], MOST_READ[lang], DATE[lang], *PAYWALL[lang][:2],
    ]  # fmt: skip
