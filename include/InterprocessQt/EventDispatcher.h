// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_EVENTDISPATCHER_H
#define INTERPROCESSQT_EVENTDISPATCHER_H

#include <InterprocessQt/interprocessqt_export.h>

#include <QtCore/qabstracteventdispatcher.h>

#include <memory>

namespace InterprocessQt
{
class EventDispatcherPrivate;

// An event loop for services: everything in one wait, whose cost does not grow with the number of descriptors.
class INTERPROCESSQT_EXPORT EventDispatcher : public QAbstractEventDispatcher
{
    Q_OBJECT

public:
    explicit EventDispatcher(QObject *parent = nullptr);
    ~EventDispatcher() override;

    [[nodiscard]] bool isValid() const;

    bool processEvents(QEventLoop::ProcessEventsFlags flags) override;

    void registerSocketNotifier(QSocketNotifier *notifier) override;
    void unregisterSocketNotifier(QSocketNotifier *notifier) override;

    void registerTimer(int timerId, qint64 interval, Qt::TimerType timerType, QObject *object) override;
    bool unregisterTimer(int timerId) override;
    bool unregisterTimers(QObject *object) override;
    [[nodiscard]] QList<TimerInfo> registeredTimers(QObject *object) const override;
    [[nodiscard]] int remainingTime(int timerId) override;

    void wakeUp() override;
    void interrupt() override;

private:
    friend class EventDispatcherPrivate;
    std::unique_ptr<EventDispatcherPrivate> const d;
    Q_DISABLE_COPY_MOVE(EventDispatcher)
};

} // namespace InterprocessQt

#endif
