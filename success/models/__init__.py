from .checks import Check, CheckImport
from .reports import HealthReport, Recommendation
from .systems import MaintenanceWindow, MonitoredSystem

__all__ = ["Check", "CheckImport", "HealthReport", "MaintenanceWindow", "MonitoredSystem", "Recommendation"]
