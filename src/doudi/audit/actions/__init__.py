"""Every write of the log."""

from doudi.audit.actions.anchoring import ADVANCE_RELIEF, LAST_DAY, require_anchored
from doudi.audit.actions.forgetting import forget_salts
from doudi.audit.actions.recording import record_act, record_look

__all__ = ["ADVANCE_RELIEF", "LAST_DAY", "forget_salts", "record_act", "record_look", "require_anchored"]
