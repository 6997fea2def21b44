"""Walls in many wordings and languages are told from articles, however short; all of them are our own writing."""

from __future__ import annotations

import json
import re
import time
from importlib import resources

import pytest

import articles
from articles import Article

URL = "https://gazette.example/news/minister-resigns-12345.html"

CONSENT = {
    "sv": "Vi bryr oss om din integritet. Vi och våra 400 partner sparar kakor på din enhet och behandlar personuppgifter "
    "för annonser. Du kan ändra ditt samtycke.",
    "tr": "Gizliliğiniz önemli. Biz ve iş ortaklarımız cihazınızda çerez saklıyor, kişisel verilerinizi reklam için "
    "işliyoruz. Devam etmek için kabul edin.",
    "ja": "続行する前に。当社とパートナーは、お客様のデバイスにクッキーを保存し、広告のために個人情報を利用します。同意しますか。",
    "pt": "Antes de ler. O nosso site usa cookies, nossos e de parceiros, para lhe mostrar publicidade com base nos seus "
    "dados pessoais. Pode aceitar ou recusar.",
    "cs": "Než budete číst. My a naši partneři ukládáme do vašeho zařízení cookies a zpracováváme osobní údaje pro "
    "reklamy. Souhlas můžete odvolat.",
    "el": "Σεβόμαστε την ιδιωτικότητά σας. Εμείς και οι συνεργάτες μας κρατάμε cookies και προσωπικά δεδομένα για "
    "διαφημίσεις. Η συγκατάθεσή σας μπορεί να αποσυρθεί.",
    "ro": "Ne pasă de datele tale. Noi și partenerii noștri punem cookie-uri pe dispozitivul tău și prelucrăm date "
    "personale pentru reclame. Îți poți retrage acordul.",
    "uk": "Ваша приватність. Ми та партнери тримаємо файли cookie на вашому пристрої та показуємо рекламу. Натиснувши "
    "«Погоджуюсь», ви даєте згоду.",
    "ar": "خصوصيتك تهمنا. نحفظ نحن وشركاؤنا ملفات تعريف الارتباط على جهازك لعرض الإعلانات. هل توافق؟ يمكنك رفض ذلك.",
    "en": "Your choice. With 300 partners we keep cookies on your device and use personal data to show you advertising. "
    "You may accept or refuse, and withdraw consent later.",
}
CHALLENGES = {
    "en": "Too fast. Many requests came from your IP address. To protect the paper from robots, please confirm that you are "
    "human before you continue.",
    "de": "Kurze Frage. Aus Ihrem Netz kommen viele Anfragen. Bitte bestätigen Sie, dass Sie kein Roboter sind, um "
    "fortzufahren.",
    "fr": "Un moment. Nous vérifions que vous n'êtes pas un robot. Votre navigateur doit accepter JavaScript pour l'accès.",
    "es": "Control. Vimos actividad inusual desde su red. Confirme que no es un robot para seguir con el acceso.",
    "pl": "Chwileczkę. Potwierdź, że jesteś człowiekiem, nie robotem. Z twojej sieci, adres IP, zablokowany jest dostęp.",
    "zh": "系统发现您的网络请求频繁，为确认不是机器人，请完成验证后继续。",
    "ja": "お待ちください。あなたがロボットでないことを確認します。続行するにはブラウザの設定を見直してください。",
    "ru": "Минуту. Подтвердите, что вы не робот: с вашего адреса IP идёт слишком много запросов. Чтобы продолжить, нажмите.",
}
GONE = {
    "en": "No such story. The page could not be found. Perhaps it was moved. Try the search or our front page.",
    "de": "Nichts hier. Diese Seite gibt es nicht mehr. Nutzen Sie die Suche oder gehen Sie zur Startseite.",
    "uk": "Порожньо. Такої сторінки не існує або її видалено. Поверніться на головну чи скористайтеся пошуком.",
    "es": "Vaya. Esa página no existe o ha sido eliminada. Vuelva al inicio o use el buscador.",
    "en-2": "Sorry. Our site is down for maintenance. Please try again later; we thank you for your patience.",
    "fr": "Pardon. Le site est indisponible à cause d'une erreur. Réessayez plus tard, nous vous remercions de votre patience.",
}
WALLS = {
    f"{kind}-{language}": text
    for kind, table in (("consent", CONSENT), ("challenge", CHALLENGES), ("gone", GONE))
    for language, text in table.items()
}
NEWS = {
    "late": "Ferry late again. The night ferry was two hours late on Friday, and your usual morning boat will sail on time.",
    "fine": "Shop fined over cookies. The privacy office fined a shop because its site stored cookies before visitors gave "
    "consent. Its advertising partners had made a mistake, said the firm, which will appeal.",
    "chess": "Robot wins at chess. A robot beat the town's best human player on Friday after forty moves.",
    "rüge": "Verlag gerügt. Die Aufsicht rügt einen Verlag, der Cookies ohne Einwilligung setzte. Werbung und Tracking dürfen "
    "erst nach Zustimmung beginnen, teilte die Behörde mit.",
    "locked": "Access denied: minister locked out of office. Her card had expired, and the porter was at lunch.",
    "oops": "Oops: mayor opens wrong bridge. The mayor of the town opened the wrong bridge on Friday, and laughed about it.",
    "сайт": "Сайт мерії не працює. Сайт мерії недоступний з п'ятниці через технічні роботи, повідомила пресслужба.",
    "lost": "Page of old book not found. A page of the town's oldest book, thought stolen, was not found in the attic either.",
    "captcha": "Captcha makers merge. Two firms that make captchas will merge next year, they said on Friday.",
    "网站": "网站要求同意新条款。当地网站要求用户同意新的隐私条款，专家表示，个人信息保护法要求企业事先取得同意。",
}


def read(html: str) -> Article:
    return articles.extract(html.encode(), URL)


def page(text: str) -> str:
    """Make a page of a headline, the first sentence, and a paragraph."""
    head, rest = re.split(r"(?<=[.。，])\s*", text, maxsplit=1)
    return f"<html><head><title>{head} | Gazette</title></head><body><h1>{head}</h1><p>{rest}</p></body></html>"


@pytest.mark.parametrize("name", WALLS)
def test_walls_of_any_wording(name: str) -> None:
    article = read(page(WALLS[name]))
    assert (article.is_article, article.page_kind, article.access) == (False, "wall", "wall")


@pytest.mark.parametrize("name", NEWS)
def test_short_news_about_such_things_is_no_wall(name: str) -> None:
    article = read(page(NEWS[name]))
    assert (article.page_kind, article.access) == ("article", "free")


@pytest.mark.parametrize("name", CONSENT)
def test_a_wall_that_keeps_the_articles_head_is_one(name: str) -> None:
    head = (
        '<meta property="og:type" content="article"><meta property="og:title" content="Minister resigns">'
        '<meta property="article:published_time" content="2026-11-20T10:00:00Z">'
    )
    assert read(page(CONSENT[name]).replace("<title>", head + "<title>")).access == "wall"


@pytest.mark.parametrize("shown", ["<time>20 November 2026</time>", "<p class='byline'>By Ann Walker</p>"])
def test_what_bears_a_date_or_a_name_is_an_article(shown: str) -> None:
    text = page(CONSENT["en"]).replace("<p>", f"{shown}<p>", 1)
    assert read(text).access == "free"


@pytest.mark.parametrize("head", ["404", "Error 503", "Page not found", "503 – Service unavailable", "Access denied!"])
def test_headlines_of_errors(head: str) -> None:
    text = f"<html><head><title>Gazette</title></head><body><h1>{head}</h1><p>Ask the editor.</p></body></html>"
    assert read(text).access == "wall"


def test_the_lists_are_patterns_in_small_letters() -> None:
    table = json.loads(resources.files("articles").joinpath("walls.json").read_text("utf-8"))
    for name, found in table.items():
        for text in found.values() if isinstance(found, dict) else found:
            assert text == re.sub(r"(?<!\\)\w+", lambda word: word[0].lower(), text), name
            if isinstance(found, dict):
                assert re.compile(text).search("") is None  # finds nothing in nothing


def test_a_text_made_to_be_slow_is_not() -> None:
    text = "cookie you " + "персональн" * 400
    began = time.monotonic()
    read(f"<h1>{'404 ' * 5000}{' ' * 50_000}</h1><p>{text}</p>")
    assert time.monotonic() - began < 2
