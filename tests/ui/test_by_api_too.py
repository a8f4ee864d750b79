"""Everything that the pages do can be done by API."""

from __future__ import annotations

from fastapi.routing import APIRoute

from staffel.api.app import create_app
from staffel.api.settings import Settings
from staffel.ui.app import PAGES

BY_API = {
    "/abmelden": "log_out",
    "/anmelden": "log_in",
    "/aufgaben/{task_id}/entwurf": "save_task_draft",
    "/aufgaben/{task_id}/erledigen": "complete_task",
    "/aufgaben/{task_id}/streichen": "drop_task",
    "/vorgaenge/{case_id}/aufgaben": "add_task",
    "/aufgaben/{task_id}/uebernehmen": "claim_task",
    "/aufgaben/{task_id}/wiedervorlage": "postpone_task",
    "/aufgaben/{task_id}/mitzeichnen": "confirm_task",
    "/aufgaben/{task_id}/zurueckgeben": "release_task",
    "/aufgaben/{task_id}/zurueckweisen": "give_task_back",
    "/konto/mail": "choose_mail",
    "/schliesstage": "add_closing_day",
    "/schliesstage/{unit_id}/{day}/loeschen": "remove_closing_day",
    "/vorgaenge/{case_id}/fristen/{key}/{place}/hemmen": "suspend_deadline",
    "/vorgaenge/{case_id}/fristen/{key}/{place}/verlaengern": "extend_deadline",
    "/vorgaenge/{case_id}/fristen/{key}/{place}/weiterlaufen": "resume_deadline",
    "/eingang/filter": "save_filter",
    "/eingang/filter/{filter_id}/loeschen": "delete_filter",
    "/eingang/sammel": "do_to_tasks",
    "/einwilligungen/{consent_id}/widerrufen": "revoke_consent",
    "/modelle/hochladen": "upload_model",
    "/modelle/version/{version_id}/bahnen": "bind_lanes",
    "/modelle/version/{version_id}/entscheidungen/{decision}": "evaluate_decision",
    "/modelle/version/{version_id}/freigeben": "release_version",
    "/modelle/version/{version_id}/inkraft": "put_in_force",
    "/modelle/version/{version_id}/portabilitaet": "check_portability",
    "/modelle/version/{version_id}/zurueckziehen": "withdraw_version",
    "/modelle/version/{version_id}/entscheidungen/{decision}/bearbeiten": "edit_decision_rules",
    "/modelle/version/{version_id}/entscheidungen/{decision}/tabelle": "replace_decision_table",
    "/modelle/version/{version_id}/formulare/{form}/bearbeiten": "edit_form",
    "/reparatur/{stuck_case_id}": "repair_case",
    "/reparatur/{stuck_case_id}/vorschau": "preview_repair",
    "/sammelstart": "plan_batch",
    "/sammelstart/{batch_id}/abbrechen": "cancel_batch",
    "/stoerungen/{incident_id}/wiederholen": "retry_incident",
    "/koordination/{late_id}/erinnern": "remind_handover",
    "/koordination/{late_id}/eskalieren": "escalate_handover",
    "/uebergaben/{handover_id}/ergaenzen": "supplement_handover",
    "/uebergaben/{handover_id}/gespraech": "record_conversation",
    "/uebergaben/{handover_id}/nachfordern": "request_supplement",
    "/uebergaben/{handover_id}/person": "inform_person",
    "/uebergaben/{handover_id}/anbieten": "offer_handover",
    "/uebergaben/{handover_id}/annehmen": "accept_handover",
    "/uebergaben/{handover_id}/bestaetigen": "acknowledge_handover",
    "/uebergaben/{handover_id}/zurueckgeben": "return_handover",
    "/uebergaben/{handover_id}/zurueckziehen": "withdraw_handover",
    "/vereinbarungen/pflicht": "set_agreements_needed",
    "/vereinbarungen/{version_id}/zeichnen": "sign_agreement",
    "/vereinbarungen/{version_id}/zuruecknehmen": "withdraw_from_agreement",
    "/aufgaben/{task_id}/sollbruchstelle": "report_breaking_point",
    "/berichtigungen/{correction_id}/bestaetigen": "acknowledge_correction",
    "/uebergaben/{handover_id}/sollbruchstelle": "report_breaking_point",
    "/aufgaben/{task_id}/vertreten": "take_over_task",
    "/vertretung": "arrange_substitution",
    "/vertretung/{substitution_id}/beenden": "end_substitution",
    "/verwaltung/konten": "create_account",
    "/verwaltung/konten/{account_id}/kennwort": "set_account_password",
    "/verwaltung/konten/{account_id}/rolle": "give_role",
    "/verwaltung/konten/{account_id}/rolle/{role}/entziehen": "take_role",
    "/verwaltung/konten/{account_id}/sperren": "close_account",
    "/verwaltung/stellen": "create_unit",
    "/verwaltung/stellen/{unit_id}/kontakt": "set_contact",
    "/verwaltung/zugaenge": "create_token",
    "/verwaltung/zugaenge/{token_id}/beenden": "end_token",
    "/verwaltung/webhooks": "create_webhook",
    "/verwaltung/webhooks/{webhook_id}/beenden": "end_webhook",
    "/verwaltung/zustaendigkeit": "set_competence",
    "/vorgaenge/{case_id}/einwilligungen": "record_consent",
    "/vorgaenge/{case_id}/eingegangen": "enter_message",
    "/vorgaenge/{case_id}/unterlagen": "upload_document",
    "/unterlagen/{document_id}/loeschen": "delete_document",
    "/vorgaenge/{case_id}/vermerke": "write_comment",
    "/vorgaenge/neu": "start_case",
}
ONLY_PAGES = {"/sprache"}
"""The language of the pages; every answer of the API has both."""


def test_what_the_pages_change_can_be_changed_by_api() -> None:
    document = create_app(Settings(), database=object()).openapi()  # type: ignore[arg-type]  # never used
    operations = {each["operationId"] for path in document["paths"].values() for each in path.values()}
    posts = {
        route.path
        for page in PAGES
        for route in page.router.routes
        if isinstance(route, APIRoute) and route.methods - {"GET", "HEAD"}
    }

    assert posts == BY_API.keys() | ONLY_PAGES
    assert set(BY_API.values()) <= operations
