"""What are the labels that several products share called in Russian?"""

LABELS: dict[str, str] = {
    "Sources": "Источники",
    "Source": "Источник",
    "not known": "не известно",
    "holds": "выполняется",
    "does not hold": "не выполняется",
    "SYNTHETIC": "SYNTHETIC (вымышленные данные)",
}
