// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipes.h"
#include "turns.h"

#include "windows/overlapped_p.h"

#include <InterprocessQt/LocalSocket>

#include <QThread>

#include <thread>

using namespace Pipes;
using namespace InterprocessQt;

// The event of an operation is one thing, and its end another: the system sets the event a moment after it has written to the
// OVERLAPPED, and if another thread has seen that and begun the next operation meanwhile, the event is that of the one before.
class tst_overlapped : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void anEarlyEventEndsNoOperation();
    void anEarlyEventEndsNoWait();
    void anEarlyEventIsNotToldAgainAndAgain();
    void whatIsCancelledHasEnded();
    void destroyingWaitsForTheEnd();
    void aThreadMayEndRightAfterItsOperations();
};

namespace
{
// A pipe, with an operation that reads from it.
struct Reader final : private Overlapped::Client {
    explicit Reader(const QString &name)
        : server(rawServer(name, PIPE_TYPE_BYTE, 1, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED))
        , client(rawClient(name))
        , reading(std::make_unique<Overlapped>(static_cast<Overlapped::Client &>(*this)))
    {
    }
    void begin()
    {
        reading->started(native(server), sys::readFile(native(server), buffer, sizeof buffer, reading->begin()));
    }
    [[nodiscard]] bool isSet() const
    {
        return WaitForSingleObject(reading->event(), 0) == WAIT_OBJECT_0;
    }

    NativeHandle server;
    NativeHandle client;
    char buffer[16] = {};
    int ended = 0;
    std::unique_ptr<Overlapped> reading;

private:
    void operationEnded(Overlapped &) override
    {
        ++ended;
    }
};
} // namespace

void tst_overlapped::anEarlyEventEndsNoOperation()
{
    Reader reader(abstractName());
    reader.begin();
    QVERIFY(!reader.reading->hasFinished());
    SetEvent(reader.reading->event());
    // Later than finish() has begun to wait, if the machine is not very busy; otherwise this shows nothing.
    std::thread peer([&reader] {
        Sleep(50);
        rawWrite(reader.client, "x");
    });
    DWORD bytes = 0;
    const DWORD error = reader.reading->finish(bytes);
    peer.join();
    QCOMPARE(error, sys::NoError);
    QCOMPARE(bytes, 1u);
    QCOMPARE(reader.buffer[0], 'x');
}

void tst_overlapped::anEarlyEventEndsNoWait()
{
    Reader reader(abstractName());
    reader.begin();
    SetEvent(reader.reading->event());
    QVERIFY(!Overlapped::waitForAny({reader.reading.get()}, QDeadlineTimer(20)));
    QVERIFY(rawWrite(reader.client, "x"));
    QVERIFY(Overlapped::waitForAny({reader.reading.get()}, QDeadlineTimer(5000)));
    DWORD bytes = 0;
    QCOMPARE(reader.reading->finish(bytes), sys::NoError);
}

void tst_overlapped::anEarlyEventIsNotToldAgainAndAgain()
{
    Reader reader(abstractName());
    QVERIFY(reader.reading->attach());
    reader.reading->setWatched(true);
    reader.begin();
    SetEvent(reader.reading->event());
    // A notifier whose event stays set would take a whole processor.
    QVERIFY(waitUntil([&] {
        return !reader.isSet();
    }));
    QCOMPARE(reader.ended, 0);
    QVERIFY(rawWrite(reader.client, "x"));
    QTRY_COMPARE(reader.ended, 1);
    DWORD bytes = 0;
    QCOMPARE(reader.reading->finish(bytes), sys::NoError);
    QCOMPARE(bytes, 1u);
}

void tst_overlapped::whatIsCancelledHasEnded()
{
    Reader reader(abstractName());
    for (int i = 0; i < 100; ++i) {
        reader.begin();
        if (i % 2 == 1)
            SetEvent(reader.reading->event());
        reader.reading->cancel();
        DWORD bytes = 0;
        QCOMPARE(reader.reading->finish(bytes), DWORD(ERROR_OPERATION_ABORTED));
        QVERIFY(!reader.isSet());
    }
    QVERIFY(rawWrite(reader.client, "x"));
    reader.begin();
    DWORD bytes = 0;
    QCOMPARE(reader.reading->finish(bytes), sys::NoError);
    QCOMPARE(bytes, 1u);
}

void tst_overlapped::destroyingWaitsForTheEnd()
{
    Reader reader(abstractName());
    QVERIFY(reader.reading->attach());
    reader.reading->setWatched(true);
    reader.begin();
    SetEvent(reader.reading->event());
    reader.reading.reset();
    // No read is left that would take it.
    QVERIFY(rawWrite(reader.client, "x"));
    DWORD waiting = 0;
    QVERIFY(PeekNamedPipe(native(reader.server), nullptr, 0, nullptr, &waiting, nullptr));
    QCOMPARE(waiting, 1u);
    runTurns();
    QCOMPARE(reader.ended, 0);
}

// Wine may still be about to tell of an operation then; see NotifierPool.
void tst_overlapped::aThreadMayEndRightAfterItsOperations()
{
    for (int round = 0; round < 100; ++round) {
        std::vector<std::unique_ptr<QThread>> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back(QThread::create([] {
                std::vector<std::pair<std::unique_ptr<LocalSocket>, std::unique_ptr<LocalSocket>>> pairs(4);
                QEventLoop loop;
                for (auto &pair : pairs) {
                    pair = LocalSocket::pair();
                    QObject::connect(pair.second.get(), &LocalSocket::readyRead, &loop, &QEventLoop::quit);
                    pair.first->write("x");
                }
                loop.exec();
            }));
            threads.back()->start();
        }
        for (const auto &thread : threads)
            QVERIFY(thread->wait(30'000));
    }
}

QTEST_GUILESS_MAIN(tst_overlapped)
#include "tst_overlapped.moc"
