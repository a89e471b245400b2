"""What every page wears, through the HTTP client."""

import gzip
import re

from tests.people import join, log_in

SAMPLES = ["home", "home-new", "home-done", "missions", "wheel", "wheel?won=1", "quiz", "rewards",
           "quiz-answered", "reward", "voucher", "card", "wallet", "tier", "inbox", "join?bad=1",
           "till", "verdict-ok", "verdict-bad", "gallery"]  # fmt: skip


def test_the_manifest_is_an_installable_apps(client):
    manifest = client.get("/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    told = manifest.json
    assert (told["id"], told["scope"], told["display"]) == ("/", "/", "standalone")
    assert told["start_url"] == "/?src=app"
    assert told["launch_handler"] == {"client_mode": ["navigate-existing", "auto"]}
    purposes = {(icon["sizes"], icon["purpose"]) for icon in told["icons"]}
    assert purposes == {(f"{n}x{n}", p) for n in (192, 512) for p in ("any", "maskable")}


def test_everything_the_manifest_names_is_there(client):
    told = client.get("/manifest.webmanifest").json
    for picture in [*told["icons"], *told["screenshots"]]:
        with client.get(picture["src"]) as answer:
            assert answer.status_code == 200, picture["src"]


def test_the_worker_is_never_cached_and_everything_it_keeps_is_public(client):
    worker = client.get("/service-worker.js")
    assert worker.headers["Cache-Control"] == "no-cache"
    kept = re.search(r"const PRECACHE = (\[.*?\]);", worker.text)[1]
    addresses = re.findall(r'"([^"]+)"', kept)
    assert "/offline" in addresses
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "public" in answer.headers["Cache-Control"], address


def test_the_worker_is_the_same_for_everybody_and_takes_nothing_from_them(client):
    for_a_stranger = client.get("/service-worker.js").text
    log_in(client, join())
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "Kartumu sudah siap.")]
    assert client.get("/service-worker.js").text == for_a_stranger
    assert client.get("/offline").text == client.application.test_client().get("/offline").text
    assert "Kartumu sudah siap." in client.get("/").text  # the toast was left for a page
    assert client.post("/language", data={"language": "en"}).status_code == 303
    assert client.get("/service-worker.js").text == for_a_stranger


def test_hashed_files_may_be_kept_for_ever_and_come_compressed(client):
    sheet = re.search(r"/static/build/app\.[0-9a-f]{10}\.js", client.get("/offline").text)[0]
    plain = client.get(sheet)
    assert "immutable" in plain.headers["Cache-Control"]
    small = client.get(sheet, headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.data) < len(plain.data) / 3
    assert "Accept-Encoding" in small.headers["Vary"]


def test_only_built_files_are_served_from_there(client):
    for name in ("../tokens.css", "app.css", "app.0000000000.css", "x.0123456789.exe"):
        assert client.get(f"/static/build/{name}").status_code == 404, name


def test_all_styles_are_one_file_with_the_shops_colours_last(client):
    addresses = re.findall(r'rel="stylesheet" href="([^"]+)"', client.get("/offline").text)
    assert len(addresses) == 1
    plain = client.get(addresses[0])
    small = client.get(addresses[0], headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(small.data) == plain.data
    assert plain.text.index(".hero") < plain.text.index("--fill:")
    font = re.search(r'url\("([^"]+woff2)"\)', plain.text)[1]
    assert client.get(font).status_code == 200


def test_an_old_address_of_the_styles_still_works_but_is_not_kept(client):
    now = re.search(r"/style\.[0-9a-f]{10}\.css", client.get("/offline").text)[0]
    assert "immutable" in client.get(now).headers["Cache-Control"]
    old = client.get("/style.0123456789.css")
    assert old.status_code == 200
    assert old.headers["Cache-Control"] == "no-cache"


def test_the_offline_page_is_nobodys(client):
    page = client.get("/offline").text
    assert "data-member" not in page
    assert "csrf" not in page


def test_samples_render_without_inline_scripts_or_styles(client):
    for path in ("/_components", *(f"/_components/{name}" for name in SAMPLES)):
        page = client.get(path).text
        assert "</html>" in page, path
        assert not re.search(r"<[^>]+\sstyle=", page), path
        assert "<style" not in page, path
        assert not re.search(r"<script(?![^>]*\ssrc=)", page), path
        assert not re.search(r"<[^>]+\son[a-z]+=", page), path


def test_ids_on_a_page_are_its_own(client):
    ids = re.findall(r'\sid="([^"]+)"', client.get("/_components").text)
    assert len(ids) == len(set(ids))


def test_there_are_no_samples_in_production(client, app, monkeypatch):
    monkeypatch.setitem(app.config, "SETIA_ENV", "production")
    assert client.get("/_components").status_code == 404
    assert client.get("/_components/home").status_code == 404


def test_attributes_are_escaped_and_a_true_one_is_bare(app):
    from pwa.shell.wiring import attributes

    given = {"hidden": True, "data-say": 'a "b" <c>', "data-none": None, "data-off": False}
    assert attributes(given) == ' hidden data-say="a &#34;b&#34; &lt;c&gt;"'
