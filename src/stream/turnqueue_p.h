// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_TURNQUEUE_P_H
#define INTERPROCESSQT_TURNQUEUE_P_H

#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>

class QAbstractEventDispatcher;

namespace InterprocessQt
{
class TurnQueue;

// Something that has work to finish at the end of the present turn of the event loop.
class TurnClient
{
public:
    [[nodiscard]] bool isScheduled() const noexcept
    {
        return m_queue != nullptr;
    }
    // From the thread whose turn it is. Does nothing if it is scheduled already.
    void scheduleTurnEnd();
    void cancelTurnEnd() noexcept;

protected:
    TurnClient() = default;
    virtual ~TurnClient()
    {
        cancelTurnEnd();
    }
    virtual void turnEnded() = 0;
    Q_DISABLE_COPY_MOVE(TurnClient)

private:
    friend class TurnQueue;
    TurnQueue *m_queue = nullptr;
    TurnClient *m_previous = nullptr;
    TurnClient *m_next = nullptr;
};

/*
 * Collects, for one thread, who has work left when what the event loop brought has been dealt with: writes to gather,
 * signals that must not be emitted from inside the call that caused them.
 *
 * During a batch (the platform's reactor handling what became ready) the work is done when the batch ends, and costs
 * nothing more. Outside of one an event is posted. A slot that runs a nested event loop must not keep others waiting:
 * the dispatcher's own signals tell of one.
 */
class TurnQueue : public QObject
{
public:
    ~TurnQueue() override;
    static TurnQueue &ofThread();

    // Brackets what a platform handles in one go.
    class Batch
    {
    public:
        Batch();
        ~Batch();
        Q_DISABLE_COPY_MOVE(Batch)

    private:
        TurnQueue &m_queue;
    };

    bool event(QEvent *event) override;

private:
    friend class TurnClient;
    void schedule(TurnClient *client);
    void forget(TurnClient *client) noexcept;
    void run();
    void runNested();
    void post();
    void watchDispatcher();

    TurnClient *m_first = nullptr;
    TurnClient *m_last = nullptr;
    QPointer<QAbstractEventDispatcher> m_dispatcher;
    int m_count = 0;
    int m_depth = 0;
    bool m_posted = false;
};

} // namespace InterprocessQt

#endif
