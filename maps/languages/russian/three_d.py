"""What does the page in three dimensions say in Russian?"""

LABELS: dict[str, str] = {
    "In three dimensions": "В трёх измерениях",
    "bodies of stopes": "камеры",
    "samples by grade": "пробы по содержанию",
    "the pit": "карьер",
    "the ground": "рельеф",
    "Optimised shapes, no mine design.": "Оптимизированные контуры, не проект рудника.",
    "How to turn it": "Как управлять",
    "Drag: turn. Shift and drag, right button or two fingers: move. Wheel or pinch: zoom. "
    "Click: facts.": (
        "Перетаскивание: поворот. С клавишей Shift, правой кнопкой или двумя пальцами: сдвиг. "
        "Колесо или щипок: масштаб. Щелчок: сведения."
    ),
    "Keys: arrows turn, shift and arrows move, + and - zoom, Home shows all.": (
        "Клавиши: стрелки поворачивают, Shift со стрелками сдвигает, + и - меняют масштаб, "
        "Home показывает всё."
    ),
    "Keys for views: P plan, N looking north, E looking east, O oblique.": (
        "Клавиши видов: P план, N взгляд на север, E взгляд на восток, O наклонный вид."
    ),
    "Model in three dimensions; arrow keys turn it": (
        "Модель в трёх измерениях; стрелки поворачивают её"
    ),
    "This browser draws nothing in three dimensions (WebGL is off or missing). The tables below "
    "hold the same figures.": (
        "Этот браузер не показывает трёхмерную графику (WebGL выключен или отсутствует). "
        "Таблицы ниже содержат те же данные."
    ),
    "What is shown": "Что показано",
    "View": "Вид",
    "Oblique": "Наклонный",
    "Looking north": "На север",
    "Looking east": "На восток",
    "Closer": "Ближе",
    "Farther": "Дальше",
    "Heights drawn": "Масштаб высот",
    "true to scale": "без преувеличения",
    "{0} x higher": "высоты x {0}",
    "heights x {0}": "высоты x {0}",
    "Colours": "Цвета",
    "Stopes by": "Камеры по показателю",
    "Samples by": "Пробы по показателю",
    "What is chosen": "Выбранный объект",
    "Choose a stope": "Выберите камеру",
    "Choose a drillhole": "Выберите скважину",
    "Click a stope, a sample or a drillhole.": "Щёлкните камеру, пробу или скважину.",
    "Cut by elevation": "Срез по отметке",
    "Hide what is above": "Скрыть всё, что выше",
    "Hide what is below": "Скрыть всё, что ниже",
    "In the plan": "По плану",
    "Stopes that are": "Камеры",
    "in this model, all of them": "все камеры модели",
    "drawn by the end of the year": "отработанные к концу года",
    "drawn in the year": "отрабатываемые в этом году",
    "still there after the year": "оставшиеся после года",
    "Time:": "Время:",
    "Show": "Показать",
    "Pit, blocks that are dug": "Карьер, вынимаемые блоки",
    "Ground": "Рельеф",
    "heights": "высоты",
    "{0} stopes name no elevations and are not drawn.": (
        "Камер без отметок, которые не показаны: {0}."
    ),
    "Stopes see-through, samples in sight": "Камеры прозрачны, пробы видны",
    "Table of stopes ({0})": "Таблица камер ({0})",
    "Table of drillholes ({0})": "Таблица скважин ({0})",
    "Tables": "Таблицы",
    "Drillhole {0}": "Скважина {0}",
    "{0} m": "{0} м",
    "Stope {x}": "Камера {x}",
    "North": "Север",
    "East": "Восток",
    "Up": "Верх",
}
