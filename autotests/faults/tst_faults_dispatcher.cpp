// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "echo.h"

#include <InterprocessQt/EventDispatcher>

#include <QCoreApplication>

// The echo, on the event dispatcher of this library.
class tst_faults_dispatcher : public FaultTest
{
    Q_OBJECT

private Q_SLOTS:
    void anEcho();
};

void tst_faults_dispatcher::anEcho()
{
    QVERIFY(qobject_cast<InterprocessQt::EventDispatcher *>(QCoreApplication::eventDispatcher()));
    // A QSocketNotifier has no way to tell of an error: if epoll has no memory for it several times in succession, there is a
    // warning, and it stays disabled.
    inject(
        [this] {
            return std::make_unique<Echo>(path(), 300'000);
        },
        Passing);
}

int main(int argc, char **argv)
{
    QCoreApplication::setEventDispatcher(new InterprocessQt::EventDispatcher);
    QCoreApplication application(argc, argv);
    tst_faults_dispatcher test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_faults_dispatcher.moc"
