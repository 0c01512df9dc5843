"""Patient data in free text: where a text seems to point at a patient, and why.

The guard warns and lets the writer decide; what it finds is for the writer's eyes alone and is kept nowhere. It would
rather miss a doubtful case than cry wolf: a guard that is wrong every day is clicked away every day.
"""

from competencies.patient_data.finding import Finding, Suspicion, findings_in

__all__ = ["Finding", "Suspicion", "findings_in"]
