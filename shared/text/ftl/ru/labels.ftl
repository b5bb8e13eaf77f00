# Состояния, действия, причины, надписи, дни и часы: одна строка на ключ.

## Фаза записи (BKG-9)

phase-planned = Запланировано
phase-in-reception = На приёме
phase-completed = Завершено
phase-cancelled = Отменено
phase-no-show = Неявка
result-served = Услуга оказана
result-documents-missing = Не хватило документов
result-declined = Отказано
result-referred = Направлены в другое место
result-left = Посетитель ушёл до приёма

## Отметка внутри «Запланировано»

mark-confirmed = Подтверждено
mark-changed = Изменено
mark-needs-check = Требует проверки

## Состояние в листе ожидания

waiting-waiting = Ждёт
waiting-offered = Предложено место
waiting-paused = На паузе
waiting-left = Вышел из листа ожидания
waiting-served = Место получено

# Чего ждать тому, кто стоит в очереди
outlook = За последние { $days } дней { $served ->
        [0] по этой очереди места никто не получил
        [one] место по этой очереди получил { $served } человек
        [few] место по этой очереди получили { $served } человека
       *[many] место по этой очереди получили { $served } человек
    }.
outlook-expected = Если так пойдёт и дальше, ваша очередь подойдёт примерно через { $expected } { $expected ->
        [one] день
        [few] дня
       *[many] дней
    }. Обещать этого мы не можем.
outlook-unknown = Сказать по этому, сколько ждать, нельзя.

## Действия в истории

action-booked = Запись создана
action-moved = Запись перенесена
action-cancelled = Запись отменена
action-displaced = Запись отменена отделением
action-checked-in = Отмечен приход
action-no-show = Отмечена неявка
action-called = Вызов к окну
action-received = Приём начат
action-closed = Приём завершён
action-no-show-undone = Неявка снята
action-eligibility-confirmed = Право на услугу подтверждено
action-eligibility-doubted = Право на услугу не подтверждено
action-corrected = Исправлены данные заявления
action-joined = Встали в лист ожидания
action-paused = Ожидание поставлено на паузу
action-resumed = Ожидание продолжено
action-left = Вышли из листа ожидания
action-offered = Предложено место
action-accepted = Предложение принято
action-declined = Предложение отклонено
action-lapsed = Предложение закончилось без ответа
action-paused-by-silence = Ожидание приостановлено: два предложения подряд без ответа
action-withdrawn = Предложение отозвано
action-passed-over = Место предложено другому
action-served = Место получено

## Почему место предложено другому (WTL-5)

passed-over-blocked = Запись через кабинет была закрыта
passed-over-has-open-offer = Уже есть предложение без ответа
passed-over-daily-cap = За этот день уже было три предложения, больше в день не делаем
passed-over-overlaps = Время пересекается с другой записью
passed-over-declined-before = Это время уже было отклонено или осталось без ответа
passed-over-cooling-down = Это время незадолго до того было освобождено самим ожидающим
passed-over-not-waiting = Ожидание закончилось или на паузе
passed-over-too-close = До начала оставалось слишком мало времени
passed-over-already-booked = Уже есть запись на эту услугу
passed-over-outside-wish = Не подходит под пожелания
passed-over-too-many = Уже есть предельное число записей

## Кто сделал

actor-citizen = Вы
actor-citizen-to-staff = Гражданин
actor-representative = Представитель
actor-staff = Сотрудник
actor-office = Отделение
actor-system = Система

## Сотрудники (OFC-8, OFC-11)

role-operator = Оператор
role-specialist = Специалист
role-manager = Руководитель отделения
role-administrator = Администратор
place-everywhere = Вся система
staff-action-enrolled = Приглашение принято
staff-action-grants-changed = Права изменены
staff-action-blocked = Доступ закрыт
staff-action-unblocked = Доступ открыт снова
staff-action-password-changed = Пароль изменён
staff-action-sessions-ended = Завершены все входы

## Что нужно, чтобы записаться (ACC-8)

ground-resale = места занимают, чтобы передать их другим
ground-impersonation = кабинет оформлен на имя другого человека
ground-false-data = в кабинете неверные сведения
ground-misuse = нарушены правила записи
ground-owners-wish = так попросил владелец кабинета
readiness-ready = Готов к записи
readiness-incomplete = Не хватает данных
readiness-inactive = Неактивен
readiness-phone-confirmed = подтвердить телефон кодом из SMS
readiness-email-confirmed = подтвердить электронную почту по ссылке из письма
readiness-name = указать имя и фамилию
readiness-password = задать пароль
readiness-agreement = принять пользовательское соглашение
readiness-consent = дать согласие на обработку персональных данных
readiness-birth-date = указать дату рождения
readiness-paper = указать паспорт или другой документ
readiness-snils = указать СНИЛС
readiness-address = указать адрес регистрации
readiness-policy = указать полис ОМС или ДМС либо причину, почему его нет

## Почему свободного времени нет (AVL-5)

reason-no-window-for-service = В этом отделении по этой услуге не принимают
reason-closed = В этот день приёма нет
reason-holiday = Праздничный день
reason-closure = Отделение в этот день закрыто
reason-all-taken = Мест нет
reason-before-lead-time = До начала осталось слишком мало времени
reason-beyond-horizon = Запись на этот день ещё не открыта
reason-not-bookable = На эту услугу нельзя записаться самостоятельно
reason-outside-hours = Отделение в это время не работает
reason-none-match-filter = Под ваши условия ничего не подходит
reason-specialist-away = Этот специалист в эти часы не принимает по этой услуге
reason-kept = Оставшееся время пока оставлено для записи по телефону и срочных случаев
reason-too-many = У вас уже столько записей, сколько можно иметь сразу
reason-own-limit = Запись на эту услугу для вас приостановлена: много отмен

## Надписи страниц (RES-6)

ui-registration = Регистрация
ui-create-account = Создать аккаунт
ui-sign-in = Войти
ui-forgot-password = Забыли пароль?
ui-recover-password = Восстановить пароль
ui-confirm = Подтвердить
ui-my-services = Мои услуги
ui-my-requests = Мои обращения
ui-appointment = Запись на приём в ОСП
ui-territory = Территориальный орган
ui-agency = Ведомство
ui-find = Найти
ui-book = Записаться
ui-go-to-service = Перейти к услуге
ui-send = Отправить
ui-change = Изменить
ui-cancel-appointment = Отменить запись
ui-yes = Да
ui-download-ticket = Скачать талон
ui-add-to-calendar = Добавить в календарь
ui-view-notice = Просмотр уведомления
ui-resend-notice = Повторно отправить уведомление
ui-waitlist = Уведомление о свободном месте
ui-past-and-cancelled = Прошедшие и отменённые
ui-accept = Принять
ui-decline = Отказаться
ui-stop-waiting = Больше не ждать
ui-resume-waiting = Продолжить ожидание
ui-pause-waiting = Приостановить ожидание

## Часы России

zone-kaliningrad = калининградское время
zone-moscow = московское время
zone-samara = самарское время
zone-yekaterinburg = екатеринбургское время
zone-omsk = омское время
zone-krasnoyarsk = красноярское время
zone-irkutsk = иркутское время
zone-yakutsk = якутское время
zone-vladivostok = владивостокское время
zone-magadan = магаданское время
zone-kamchatka = камчатское время

## Дни и месяцы

weekday-1 = понедельник
weekday-2 = вторник
weekday-3 = среда
weekday-4 = четверг
weekday-5 = пятница
weekday-6 = суббота
weekday-7 = воскресенье
month-1 = января
month-2 = февраля
month-3 = марта
month-4 = апреля
month-5 = мая
month-6 = июня
month-7 = июля
month-8 = августа
month-9 = сентября
month-10 = октября
month-11 = ноября
month-12 = декабря
month-short-1 = 01
month-short-2 = 02
month-short-3 = 03
month-short-4 = 04
month-short-5 = 05
month-short-6 = 06
month-short-7 = 07
month-short-8 = 08
month-short-9 = 09
month-short-10 = 10
month-short-11 = 11
month-short-12 = 12

## Как пишутся дата и время

format-date = { $weekday }, { $day } { $month } { $year } г.
format-when = { $date }, { $time } ({ $zone })
format-moment-short = { $day }.{ $month } в { $time }
format-when-short = { $moment } ({ $offset })

## Что произошло с кабинетом
account-password-changed = Пароль изменён
account-password-recovered = Пароль восстановлен по коду
account-phone-changed = Телефон изменён
account-email-changed = Адрес почты изменён
account-second-factor-on = Включён второй шаг входа
account-second-factor-off = Выключен второй шаг входа
account-recovery-codes-renewed = Выданы новые коды восстановления
account-cabinet-blocked = Запись через кабинет закрыта
account-cabinet-unblocked = Запись через кабинет снова открыта
account-policy-void = Полис не подтверждён
account-policy-confirmed = Полис подтверждён
lack-unanswered = ответьте, нужен ли он вам
lack-missing = не загружен
lack-awaited = ещё проверяется
lack-refused = файл не принят
lack-expired = срок действия истёк
file-awaited = Ждём файл и проверяем его
file-accepted = Принят
file-refused = Не принят
account-new-device = Вход с нового устройства
account-device-removed = Устройство удалено
account-passkey-added = Добавлен ключ входа
account-passkey-removed = Удалён ключ входа
account-passkey-copied = Ключ входа могли скопировать, войти им не дали
account-unlock-approved = Кабинет попросили открыть на другой телефон
account-unlock-promised = Новому телефону сообщили, когда откроется кабинет
account-unlock-stopped = Доступ на другой телефон остановлен
account-unlocked = Кабинет открыт на другой телефон
account-identity-confirmed = Личность подтверждена
account-identity-ended = Личность больше не подтверждена: изменили имя, дату рождения или СНИЛС

## Чем подтверждена личность

means-phone-code = Код на телефон
means-another-device = Другое устройство, на котором вы вошли
means-signature = Электронная подпись
means-video = Видеосвязь с сотрудником
means-esia = ЕСИА (Госуслуги)
elsewhere = Ваш адрес теперь в другом регионе, а вы записаны в отделение прежнего. Запись сохраняется. Если удобнее по новому адресу, перенесите её в одно из этих отделений.
elsewhere-nowhere = Ваш адрес теперь в другом регионе, а вы записаны в отделение прежнего. Запись сохраняется. В новом регионе на эту услугу пока не записывают.
identity-ended = Вы изменили имя, дату рождения или СНИЛС, поэтому подтверждение личности больше не действует. Подтвердите личность заново.
identity-signature-text = «Окно»: подтверждаю, что это мой личный кабинет.

## Почему подпись не подошла

signature-too-large = Подпись слишком большая.
signature-unreadable = Это не файл электронной подписи.
signature-attached = Подпись должна быть отдельно от текста.
signature-signers-not-one = Подписать должен один человек.
signature-algorithm = Такой алгоритм подписи здесь не принимают.
signature-weak-key = Ключ подписи слишком короткий.
signature-gost-unavailable = Подписи по ГОСТ здесь пока не проверяются.
signature-attributes-missing = В подписи нет подписанных свойств.
signature-attributes-wrong = Свойства подписи записаны с ошибкой.
signature-content-type = Подписан документ другого вида.
signature-data-changed = Подписан другой текст, или его изменили.
signature-signing-time = Время подписи не подходит: проверьте часы.
signature-signing-certificate = Подпись сделана другим сертификатом.
signature-signature-wrong = Подпись неверна.
signature-certificate-missing = В подписи нет сертификата.
signature-certificate-wrong = Сертификат записан с ошибкой.
signature-not-yet-valid = Сертификат ещё не начал действовать.
signature-expired = Срок сертификата закончился.
signature-purpose = Этим сертификатом человек не подписывает документы.
signature-nameless = В сертификате нет имени.
signature-untrusted = Сертификат выдан центром, которому здесь не доверяют.
signature-not-authority = Сертификат выдан тем, кто их не выдаёт.
signature-path-too-long = Цепочка сертификатов слишком длинная.
signature-link-wrong = Цепочка сертификатов не сходится.
signature-critical = В сертификате есть условие, которое здесь не проверить.
signature-name-constraints = Выдавший центр ограничен в именах, здесь это не проверить.
signature-revoked = Сертификат отозван.
signature-revocation-unknown = Сейчас не узнать, не отозван ли сертификат.

## Проверка по видео

account-video-check-ready = Сотрудник готов к видеосвязи
account-video-check-refused = По видеосвязи личность не подтверждена
check-waiting = Ждёт сотрудника
check-taken = Сотрудник ждёт вас
check-confirmed = Личность подтверждена
check-refused = Личность не подтверждена
check-withdrawn = Вы отозвали просьбу

export-record = Кто вы
export-profile = Что вы о себе указали
export-sign-in = Как вы входите
export-session = Где вы вошли
export-event = Что было с кабинетом
export-holding = Что за вами сейчас
export-appointment = Записи на приём
export-place = Очередь
export-offer = Предложения времени
export-history = История изменений
export-notice = Уведомления
export-files = Файлы
export-reading = Кто смотрел ваши данные
export-call-note = Заметки о звонках
export-device = Ваши устройства
export-passkey = Ваши ключи входа
export-unlock = Как возвращали доступ к кабинету
export-challenge = Чем вы подтверждали личность
export-check = Проверка по видеосвязи
export-question = О чём мы спрашиваем государственные реестры

account-export-taken = Скачаны все ваши данные
account-deletion-asked = Запрошено удаление кабинета
account-deletion-stopped = Удаление кабинета отменено
account-cabinet-deleted = Кабинет удалён
hindrance-appointment = запись на приём
hindrance-offer = предложенное место
hindrance-waiting = лист ожидания
account-representative-asked = За вас хотят действовать
account-representative-approved = Представителю разрешено действовать за вас
account-representation-approved = Вам разрешено действовать за другого человека
account-representation-refused = Заявка действовать за другого человека не подтверждена
account-representation-ended = Право действовать за другого человека прекращено
account-representation-ends = Право действовать за другого человека скоро закончится
grant-kind-attorney = Доверенность
grant-kind-parent = Родитель ребёнка
grant-state-waiting = На проверке
grant-state-in-force = Действует
grant-state-refused = Не подтверждено
grant-state-ended = Прекращено
grant-bring-attorney = Представитель показывает оригинал доверенности и свой паспорт
grant-bring-parent = Родитель показывает оригинал свидетельства о рождении и свой паспорт
export-representation = Кто может действовать за вас
export-acting = За кого вы просили разрешить вам действовать

## Заявление, которое подписывают электронной подписью

statement-title = Заявление: { $value }
statement-to = Кому: { $value }
statement-by = От кого: { $value }
statement-behalf = За кого: { $value }
statement-service = Услуга: { $value }
statement-purpose = Зачем: { $value }
statement-field = { $name }: { $value }
statement-dates = Когда удобно прийти: { $value }
statement-phone = Телефон для этого приёма: { $value }
statement-email = Почта для этого приёма: { $value }
statement-rules = Согласие с правилами приёма, редакция: { $value }
statement-asked = Составлено: { $value }
statement-until = Подписать и отправить до: { $value }
statement-nonce = Одноразовый знак: { $value }
signed-electronically = Подписано электронной подписью: { $name }, { $when }
sign-at-visit = Заявление подпишете на приёме
export-to-sign = Тексты, которые вы просили для подписи
export-signature = Электронные подписи ваших заявлений
