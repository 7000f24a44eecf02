// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "dispatchertest.h"

#include <QEventLoop>
#include <QPointer>
#include <QSemaphore>
#include <QSocketNotifier>
#include <QThread>
#include <QTimer>

using namespace InterprocessQt;

// What an event loop in a slot takes over from the one that has called the slot.
class tst_eventdispatcher_nested : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasDealtWithInsideIsNotToldAgain();
    void bothDirectionsOfOneDescriptorAreToldAfresh();
    void theEndOfTheOuterLoopIsNotLost_data();
    void theEndOfTheOuterLoopIsNotLost();
    void theEndOfTheOuterLoopIsNotLostBeforeAWait();
    void whatIsToBeDeletedOutsideIsNotLeftLying();
};

void tst_eventdispatcher_nested::whatWasDealtWithInsideIsNotToldAgain()
{
    std::vector<Ends> all(5);
    std::vector<std::unique_ptr<QSocketNotifier>> notifiers;
    int told = 0;
    int inVain = 0;
    for (const Ends &ends : all) {
        notifiers.push_back(std::make_unique<QSocketNotifier>(ends.fd(), QSocketNotifier::Read));
        connect(notifiers.back().get(), &QSocketNotifier::activated, this, [&] {
            ++told;
            inVain += ends.take() ? 0 : 1; // would stand still if it was a blocking descriptor, as standard input usually is
            QCoreApplication::processEvents();
        });
        ends.send();
    }
    QTRY_COMPARE(told - inVain, 5);
    QCoreApplication::processEvents();
    QCOMPARE(inVain, 0);
}

void tst_eventdispatcher_nested::bothDirectionsOfOneDescriptorAreToldAfresh()
{
    // Its own slot may have filled what the notifier for writing would be told is empty.
    const Ends ends;
    QSocketNotifier reader(ends.fd(), QSocketNotifier::Read);
    QSocketNotifier writer(ends.fd(), QSocketNotifier::Write);
    int inVain = 0;
    int written = 0;
    connect(&reader, &QSocketNotifier::activated, this, [&] {
        QVERIFY(ends.take());
        QCoreApplication::processEvents();
    });
    connect(&writer, &QSocketNotifier::activated, this, [&] {
        char some[1024] = {};
        if (::write(ends.fd(), some, sizeof some) == -1) {
            ++inVain;
            return;
        }
        while (::write(ends.fd(), some, sizeof some) != -1) { }
        ++written;
    });
    ends.send();
    QTRY_COMPARE(written, 1);
    QCoreApplication::processEvents();
    QCOMPARE(inVain, 0);
}

void tst_eventdispatcher_nested::theEndOfTheOuterLoopIsNotLost_data()
{
    QTest::addColumn<QEventLoop::ProcessEventsFlags>("flags");
    QTest::newRow("all events") << QEventLoop::ProcessEventsFlags(QEventLoop::AllEvents);
    QTest::newRow("without descriptors") << QEventLoop::ProcessEventsFlags(QEventLoop::ExcludeSocketNotifiers);
}

void tst_eventdispatcher_nested::theEndOfTheOuterLoopIsNotLost()
{
    // Another thread ends the loop while a slot that was invoked by it has looked at the events itself.
    QFETCH(QEventLoop::ProcessEventsFlags, flags);
    class Thread : public QThread
    {
    public:
        QSemaphore inside;
        QSemaphore ended;
        QEventLoop::ProcessEventsFlags flags;

    protected:
        void run() override
        {
            QObject context;
            QMetaObject::invokeMethod(
                &context,
                [&] {
                    inside.release();
                    ended.acquire();
                    QCoreApplication::processEvents(flags);
                },
                Qt::QueuedConnection);
            exec();
        }
    };
    Thread thread;
    thread.flags = flags;
    thread.setEventDispatcher(new EventDispatcher);
    thread.start();
    thread.inside.acquire();
    thread.quit();
    thread.ended.release();
    const bool hasEnded = thread.wait(5000);
    if (!hasEnded) {
        thread.eventDispatcher()->wakeUp();
        QVERIFY(thread.wait(5000));
    }
    QVERIFY(hasEnded);
}

void tst_eventdispatcher_nested::theEndOfTheOuterLoopIsNotLostBeforeAWait()
{
    QAbstractEventDispatcher *const dispatcher = QAbstractEventDispatcher::instance();
    QCoreApplication::processEvents();
    QEventLoop loop;
    bool saved = false;
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, &loop, [&] {
        loop.exit(7);
        QCoreApplication::processEvents();
    });
    QTimer::singleShot(5000, &loop, [&] {
        saved = true;
    });
    QCOMPARE(loop.exec(), 7);
    QVERIFY(!saved);
}

void tst_eventdispatcher_nested::whatIsToBeDeletedOutsideIsNotLeftLying()
{
    // Posted in a slot and seen by a loop inside of it, which must not delete it: that is for the loop outside, before it waits.
    QPointer<QObject> object(new QObject);
    QEventLoop loop;
    bool late = false;
    QMetaObject::invokeMethod(
        &loop,
        [&] {
            object->deleteLater();
            QCoreApplication::processEvents();
            QVERIFY(object);
        },
        Qt::QueuedConnection);
    connect(object.get(), &QObject::destroyed, &loop, &QEventLoop::quit);
    QTimer::singleShot(5000, &loop, [&] {
        late = true;
        loop.quit();
    });
    loop.exec();
    QVERIFY(!object);
    QVERIFY(!late);
}

DISPATCHERTEST_MAIN(tst_eventdispatcher_nested)
#include "tst_eventdispatcher_nested.moc"
