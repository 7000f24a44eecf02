// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "files.h"

#include <InterprocessQt/LocalSocket>

#include <QFile>
#include <QThread>

using namespace InterprocessQt;

// The owner of a descriptor: it is closed once, by whoever has it last.
class tst_filedescriptor : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void closesWhatItOwns();
    void movesAndSwaps();
    void duplicatesAreTheirOwn();
    void aDuplicateOfNothingSaysWhy();
    void closingKeepsErrno();
    void sharedOnesAreClosedWithTheLast();
    void sharedOnesTravelThroughQueuedSignals();
    void becomesAFile();
    void aFileThatCannotBeOpenedLeavesIt_data();
    void aFileThatCannotBeOpenedLeavesIt();
    void becomesALocalSocket();
    void aSocketThatCannotUseItLeavesIt();
    void aSlotThatEndsTheSocketClosesItOnce();

Q_SIGNALS:
    void handedOver(const std::shared_ptr<InterprocessQt::NativeHandle> &handle);
};

void tst_filedescriptor::closesWhatItOwns()
{
    FileDescriptor none;
    QVERIFY(!none.isValid() && !none);
    QCOMPARE(none.get(), FileDescriptor::Invalid);
    FileDescriptor::Type number;
    {
        const FileDescriptor file = Files::withText("x");
        number = file.get();
        QVERIFY(file.isValid() && Files::isOpen(number));
    }
    QVERIFY(!Files::isOpen(number));

    FileDescriptor file = Files::withText("x");
    number = file.release();
    QVERIFY(!file && Files::isOpen(number));
    file.reset(number);
    file.reset(number); // the same one is not closed
    QVERIFY(Files::isOpen(number));
    file.reset();
    QVERIFY(!Files::isOpen(number));
}

void tst_filedescriptor::movesAndSwaps()
{
    FileDescriptor first = Files::withText("first");
    FileDescriptor second = Files::withText("second");
    first.swap(second);
    QCOMPARE(Files::textOf(first), "second");
    const auto number = first.get();
    first = std::move(second);
    QVERIFY(!Files::isOpen(number));
    QVERIFY(!second.isValid());
    FileDescriptor &itself = first;
    first = std::move(itself);
    QCOMPARE(Files::textOf(first), "first");
}

void tst_filedescriptor::duplicatesAreTheirOwn()
{
    FileDescriptor file = Files::withText("text");
    int error = -1;
    const FileDescriptor copy = file.duplicate(&error);
    QCOMPARE(error, 0);
    QVERIFY(copy.get() != file.get());
    QVERIFY(Files::isClosedOnExec(copy));
    file.reset();
    QCOMPARE(Files::textOf(copy), "text");
}

void tst_filedescriptor::aDuplicateOfNothingSaysWhy()
{
    int error = 0;
    QVERIFY(!FileDescriptor().duplicate(&error).isValid());
    QCOMPARE(error, EBADF);
    QVERIFY(!FileDescriptor().duplicate().isValid());
}

void tst_filedescriptor::closingKeepsErrno()
{
    FileDescriptor file = Files::withText("x");
    ::close(int(file.get()));
    errno = ENOENT;
    file.reset(); // EBADF
    QCOMPARE(errno, ENOENT);
}

void tst_filedescriptor::sharedOnesAreClosedWithTheLast()
{
    Files::Witness witness;
    std::shared_ptr<NativeHandle> one = witness.takeSent().share();
    std::shared_ptr<NativeHandle> other = one;
    one.reset();
    QVERIFY(!witness.allAreClosed());
    other.reset();
    QVERIFY(witness.allAreClosed());
}

void tst_filedescriptor::sharedOnesTravelThroughQueuedSignals()
{
    QThread thread;
    QObject there;
    there.moveToThread(&thread);
    QByteArray text;
    connect(this, &tst_filedescriptor::handedOver, &there, [&](const std::shared_ptr<NativeHandle> &handle) {
        text = Files::textOf(*handle);
        thread.quit();
    });
    Files::Witness witness;
    emit handedOver(Files::withText("shared").share());
    thread.start();
    QVERIFY(thread.wait(10'000));
    QCOMPARE(text, "shared");

    disconnect(this, &tst_filedescriptor::handedOver, &there, nullptr);

    // Nobody comes for it: it is closed with the event.
    {
        QObject absent;
        connect(
            this,
            &tst_filedescriptor::handedOver,
            &absent,
            [] {},
            Qt::QueuedConnection);
        emit handedOver(witness.takeSent().share());
        QVERIFY(!witness.allAreClosed());
    }
    QVERIFY(witness.allAreClosed());
}

void tst_filedescriptor::becomesAFile()
{
    FileDescriptor file = Files::withText("from a descriptor");
    ::lseek(int(file.get()), 0, SEEK_SET);
    const auto number = file.get();
    {
        QFile open;
        QVERIFY(file.moveTo(open, QIODevice::ReadWrite));
        QVERIFY(!file.isValid());
        QCOMPARE(open.handle(), int(number));
        QCOMPARE(open.readAll(), "from a descriptor");
        QVERIFY(open.seek(0));
        QCOMPARE(open.write("FROM"), 4);
    }
    QVERIFY(!Files::isOpen(number));

    Files::Witness witness;
    QFile end;
    QVERIFY(witness.writing.moveTo(end, QIODevice::WriteOnly));
    QVERIFY(end.isSequential());
    end.close();
    QVERIFY(witness.allAreClosed());
}

void tst_filedescriptor::aFileThatCannotBeOpenedLeavesIt_data()
{
    QTest::addColumn<QIODevice::OpenMode>("mode");
    QTest::newRow("no mode") << QIODevice::OpenMode(QIODevice::NotOpen);
    QTest::newRow("at the end of a pipe") << QIODevice::OpenMode(QIODevice::Append);
    QTest::newRow("is open already") << QIODevice::OpenMode(QIODevice::WriteOnly);
}

void tst_filedescriptor::aFileThatCannotBeOpenedLeavesIt()
{
    QFETCH(QIODevice::OpenMode, mode);
    Files::Witness witness;
    QFile file(path("file"));
    if (mode == QIODevice::WriteOnly)
        QVERIFY(file.open(mode));
    QVERIFY(!witness.writing.moveTo(file, mode));
    QVERIFY(Files::isOpen(witness.writing.get()));
    file.close();
    QVERIFY(Files::isOpen(witness.writing.get()));

    FileDescriptor none;
    QVERIFY(!none.moveTo(file, QIODevice::ReadOnly));
    QVERIFY(!file.isOpen());
}

void tst_filedescriptor::becomesALocalSocket()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    FileDescriptor here(ends[0]);
    const FileDescriptor there(ends[1]);
    {
        LocalSocket socket;
        QVERIFY(socket.setSocketDescriptor(std::move(here)));
        QVERIFY(!here.isValid());
        QCOMPARE(socket.socketDescriptor(), ends[0]);
        socket.write("hello");
        char buffer[10];
        QCOMPARE(::read(ends[1], buffer, sizeof buffer), 5);
    }
    QVERIFY(!Files::isOpen(ends[0]));
}

void tst_filedescriptor::aSocketThatCannotUseItLeavesIt()
{
    FileDescriptor file = Files::withText("x");
    LocalSocket socket;
    QVERIFY(!socket.setSocketDescriptor(std::move(file)));
    QCOMPARE(socket.error(), LocalSocket::UnsupportedSocketOperationError);
    QVERIFY(file.isValid() && Files::isOpen(file.get()));
    FileDescriptor none;
    QVERIFY(!socket.setSocketDescriptor(std::move(none)));
    QCOMPARE(socket.error(), LocalSocket::OperationError);
}

void tst_filedescriptor::aSlotThatEndsTheSocketClosesItOnce()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    FileDescriptor here(ends[0]);
    const FileDescriptor there(ends[1]);
    auto socket = new LocalSocket;
    FileDescriptor sameNumber;
    connect(socket, &LocalSocket::stateChanged, socket, [&] {
        if (!socket)
            return; // the end is told, too
        delete std::exchange(socket, nullptr);
        sameNumber = Files::withText("new"); // gets the number that has become free
    });
    QVERIFY(socket->setSocketDescriptor(std::move(here)));
    QVERIFY(!socket);
    QCOMPARE(sameNumber.get(), ends[0]);
    QVERIFY(!here.isValid());
    QCOMPARE(Files::textOf(sameNumber), "new");
}

QTEST_GUILESS_MAIN(tst_filedescriptor)
#include "tst_filedescriptor.moc"
