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
    "Keys: arrows turn, shift and arrows move, + and - zoom, Home shows all, Enter tells of the "
    "middle.": (
        "Клавиши: стрелки поворачивают, Shift со стрелками сдвигает, + и - меняют масштаб, "
        "Home показывает всё, Enter сообщает о том, что в середине."
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
    "Click a body, a sample or a drillhole, or move it to the middle and press Enter.": (
        "Щёлкните тело, пробу или скважину либо поместите её в середину и нажмите Enter."
    ),
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
    "blocks of the model": "блоки модели",
    "At or above": "Не ниже",
    "all that are estimated": "все оценённые",
    "all that are here, from {0}": "все имеющиеся здесь, от {0}",
    "Blocks by": "Блоки по показателю",
    "{0} of {1} estimated blocks are drawn.": "Показано блоков: {0} из {1} оценённых.",
    "At or above {0} the study counts {1}.": "При бортовом {0} в подсчёте: {1}.",
    "Blocks below {0} are not in this page: with them it would be too large. It holds {1} of {2} "
    "estimated blocks.": (
        "Блоков ниже {0} на этой странице нет: с ними она была бы слишком велика. На ней {1} из "
        "{2} оценённых блоков."
    ),
    "Not in this page, which would be too large: {0}.": (
        "Нет на этой странице, иначе она была бы слишком велика: {0}."
    ),
    "{0} blocks without an estimate are not drawn.": "Блоков без оценки, которые не показаны: {0}.",
    "This browser is too old to unfold the blocks.": (
        "Этот браузер слишком стар, чтобы развернуть блоки."
    ),
    "This browser is too old to unfold the stages of the pit.": (
        "Этот браузер слишком стар, чтобы развернуть этапы карьера."
    ),
    "Block": "Блок",
    "{0} to {1} m": "{0}–{1} м",
    "Middle, east and north": "Середина, на восток и на север",
    "Size": "Размер",
    "pass {}": "проход {}",
    "one of {} others": "одно из {} прочих",
    "Pit": "Карьер",
    "Pit by": "Карьер по показателю",
    "one colour": "одним цветом",
    "Dug by the end of": "Отработано к концу:",
    "pushbacks {} to {}": "этапы {}–{}",
    "Elevation here": "Отметка здесь",
    "Top of the rock dug here": "Верх вынутой здесь породы",
    "Depth here": "Глубина здесь",
    "Play": "Показать по порядку",
    "Stop": "Остановить",
    "Ground, from see-through to solid": "Рельеф, от прозрачного до сплошного",
    "{0} drillholes begin within {1} m of this ground.": (
        "Скважин, начинающихся не далее {1} м от этого рельефа: {0}."
    ),
    "Drillholes begin up to {0} m off this ground, {1} m above it in the middle of {2}: their "
    "heights or the ground's may be of another datum.": (
        "Скважины начинаются до {0} м от этого рельефа, по медиане {2} скважин на {1} м выше: "
        "возможно, их высоты или высоты рельефа в другой системе."
    ),
    "{0}, colour: {1}": "{0}, цвет: {1}",
    "{0} stopes": "Камеры: {0}",
    "{0} samples": "Пробы: {0}",
    "{0} drillholes": "Скважины: {0}",
    "Shown: {0}.": "Показано: {0}.",
    "Seen from above.": "Вид сверху.",
    "Looking {0}, {1} degrees down.": "Взгляд на {0}, наклон {1} градусов.",
    "north-east": "северо-восток",
    "south-east": "юго-восток",
    "south": "юг",
    "south-west": "юго-запад",
    "west": "запад",
    "north-west": "северо-запад",
    "North": "Север",
    "East": "Восток",
    "Up": "Верх",
}
