"""What the columns of tables hold that are not ours: Django's, allauth's, the job queue's, and the register of keys."""

from __future__ import annotations

from doudi.core.personal import Columns, columns

ACCOUNT = "id password last_login is_superuser username first_name last_name email is_staff is_active date_joined"
SEALED_SESSION = (
    "signed by the house; what a page keeps of a resident in it is sealed first (desk.asked); it ends with the session"
)
JOB = "names of tasks, ids, instants and values of events; the bar C-01 looks for numbers in it"

TABLES: dict[str, Columns] = {
    "auth_group": columns(rest="id name"),
    "auth_group_permissions": columns(rest="id group_id permission_id"),
    "auth_permission": columns(rest="id name content_type_id codename"),
    "accounts_account": columns(
        staff=f"{ACCOUNT} name must_change_password failures locked_until password_set_at", digest="holder_key"
    ),
    "accounts_account_groups": columns(rest="id account_id group_id"),
    "accounts_account_user_permissions": columns(rest="id account_id permission_id"),
    "account_emailaddress": columns(staff="id email verified primary user_id"),
    "account_emailconfirmation": columns(staff="id created sent key email_address_id"),
    "mfa_authenticator": columns(staff="user_id data", rest="id created_at last_used_at type"),
    "socialaccount_socialtoken": columns(staff="account_id token token_secret", rest="id app_id expires_at"),
    "socialaccount_socialapp": columns(rest="id client_id key name provider provider_id secret settings"),
    "socialaccount_socialaccount": columns(staff="user_id uid extra_data", rest="id date_joined last_login provider"),
    "django_content_type": columns(rest="id app_label model"),
    "django_migrations": columns(rest="id app name applied"),
    "django_session": columns(plain={"session_data": SEALED_SESSION}, rest="session_key expire_date"),
    "procrastinate_jobs": columns(
        plain={"args": JOB},
        rest="id queue_name task_name priority lock queueing_lock status scheduled_at attempts abort_requested "
        "worker_id",
    ),
    "procrastinate_events": columns(rest="id job_id type at"),
    "procrastinate_periodic_defers": columns(rest="id task_name defer_timestamp job_id periodic_id"),
    "procrastinate_workers": columns(rest="id last_heartbeat"),
    "site_key": columns(rest="name fingerprint added_at rotated_xid retired_at"),
}
