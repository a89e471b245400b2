"""Who may ask for what: every address of the application has its line here, or a test fails.

A route that somebody adds tomorrow has to be put into one of these lists before it can land.
"""

from __future__ import annotations

# Pages and files that everybody may have, logged in or not.
ANYBODY = {
    "home.home",  # a stranger is sent on to join
    "members.join_form", "members.join", "members.login", "members.log_in",
    "members.passkey_login", "members.passkey_login_options", "members.log_out",
    "members.forgot", "members.ask_reset", "members.reset_form", "members.reset",
    "members.change_language", "members.help_page", "members.privacy", "members.terms",
    "play.fairness", "play.script", "play.day", "tiers.tiers",
    "shell.built", "shell.favicon", "shell.icon", "shell.offline", "shell.service_worker",
    "shell.styles_of_now", "shell.web_manifest", "static",
    "till.login", "till.log_in", "till.logout", "till.public_key",
    "till.offline_page",  # a page without anything of anybody's: the till's worker keeps it
    "push.key", "push.unbind", "push.renew", "push.beacon",  # a worker has no session to show
}  # fmt: skip
DEVELOPMENT = {"shell.components", "shell.component_screen", "shell.component_brands"}
# A worker has no page, so no token: knowing the endpoint or a signed id is its proof instead.
WITHOUT_TOKEN = {"push.unbind", "push.renew", "push.beacon"}
MEMBER = {
    "friends.friends", "home.installed",
    "members.add_passkey", "members.agree_to_terms", "members.ask_email",
    "members.ask_erasure", "members.ask_phone", "members.cancel_erasure", "members.card",
    "members.card_data", "members.change_consent", "members.change_email",
    "members.change_password", "members.change_phone", "members.change_profile",
    "members.confirm", "members.confirm_form", "members.email_code_form", "members.email_form",
    "members.end_other_sessions", "members.erasure_form", "members.export_html",
    "members.export_json", "members.export_page", "members.my_privacy", "members.passkey_list",
    "members.passkey_options", "members.password_form", "members.phone_code_form",
    "members.phone_form", "members.profile", "members.profile_data", "members.security",
    "missions.check_in", "missions.missions", "missions.pause", "missions.pauses",
    "missions.repair", "missions.swap",
    "play.begin", "play.forget_taste", "play.game", "play.play", "play.quiz", "play.seed",
    "play.spin", "play.tastes", "play.ticket", "play.wheel",
    "push.change_settings", "push.inbox_page", "push.product", "push.read_all", "push.remind",
    "push.settings", "push.stop_reminding", "push.subscribe",
    "reviews.answer", "reviews.reviews", "reviews.surveys",
    "rewards.love", "rewards.redeem", "rewards.reward", "rewards.rewards", "rewards.unlove",
    "rewards.vouchers", "shop.visit", "shop.visit_form",
    "tiers.take_perk", "tiers.tier", "wallet.wallet",
}  # fmt: skip
# One member's own: for every other member it isn't there.
HERS = {
    "members.rename_passkey", "members.remove_passkey",
    "play.answer", "play.attempt", "play.game_result", "play.proof", "play.result",
    "play.spin_result", "play.turn",
    "push.read", "push.remove", "push.test",
    "reviews.review", "reviews.write",
    "rewards.accept", "rewards.decline", "rewards.give", "rewards.voucher",
    "shop.claim", "shop.receipt",
}  # fmt: skip
CASHIER = {
    "till.home", "till.member", "till.offline_data", "till.pin_form", "till.purchase",
    "till.purchases", "till.quotes", "till.receipt", "till.sale_form", "till.scan", "till.sell",
    "till.set_pin", "till.switch", "till.switch_form", "till.tell_offline", "till.use",
    "till.voucher", "till.refund_form", "till.refund",
}  # fmt: skip
MANAGER = {
    "till.cancel_voucher", "till.change_phone", "till.end_tier", "till.give_access_code",
    "till.give_tier", "till.held_prizes", "till.member_reviews", "till.merge", "till.merge_form",
    "till.offline_acts", "till.people", "till.person", "till.poster", "till.posters",
    "till.refuse_prize", "till.reissue_voucher", "till.release_prize", "till.reverse_voucher",
    "till.see_offline_act", "till.tier_form",
}  # fmt: skip
OWNER = {"push.campaign", "push.console", "push.pause", "push.resume"}
NOT_FOR_OWNERS = {"till.set_pin"}  # four digits are too few for what an owner may do
ALL = (ANYBODY, DEVELOPMENT, MEMBER, HERS, CASHIER, MANAGER, OWNER)
