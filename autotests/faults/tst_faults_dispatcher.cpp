// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "echo.h"

#include <InterprocessQt/EventDispatcher>

#include <QCoreApplication>
#include <QThread>
#include <QTimer>

namespace
{

// A thread gets a dispatcher of its own, if one can be made, which waits for a timer and for another thread, and ends with it.
class Thread : public Scenario
{
protected:
    void run() override
    {
        auto dispatcher = std::make_unique<InterprocessQt::EventDispatcher>();
        if (!dispatcher->isValid()) {
            toldOtherwise(QStringLiteral("not valid"));
            return;
        }
        // Writing to an eventfd fails in no way that its page lists but one that does not matter (eventfd(2)).
        Injector::disarm();
        QThread thread;
        thread.setEventDispatcher(dispatcher.release());
        thread.start();
        bool isDue = false;
        bool isCalled = false;
        {
            QObject inThread;
            inThread.moveToThread(&thread);
            QMetaObject::invokeMethod(&inThread, [&] {
                QTimer::singleShot(1, &inThread, [&] {
                    isDue = true;
                    QMetaObject::invokeMethod(QCoreApplication::instance(), [&] {
                        isCalled = true;
                        thread.quit();
                    });
                });
            });
            await("a call back from the thread", [&] {
                return isCalled;
            });
            thread.quit();
            thread.wait();
        }
        if (isDue && isCalled)
            complete();
    }
};

} // namespace

// On the event dispatcher of this library.
class tst_faults_dispatcher : public FaultTest
{
    Q_OBJECT

private Q_SLOTS:
    void anEcho();
    void aThread();
};

void tst_faults_dispatcher::anEcho()
{
    QVERIFY(qobject_cast<InterprocessQt::EventDispatcher *>(QCoreApplication::eventDispatcher()));
    inject([this] {
        return std::make_unique<Echo>(path(), 300'000);
    });
}

void tst_faults_dispatcher::aThread()
{
    inject([] {
        return std::make_unique<Thread>();
    });
}

int main(int argc, char **argv)
{
    QCoreApplication::setEventDispatcher(new InterprocessQt::EventDispatcher);
    QCoreApplication application(argc, argv);
    tst_faults_dispatcher test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_faults_dispatcher.moc"
