// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "../local/forkedchild.h"
#include "fifofile.h"
#include "ipctest.h"

#include <InterprocessQt/FifoReader>
#include <InterprocessQt/FifoWriter>

#include <QDir>

using namespace InterprocessQt;

// Opening a FIFO, for reading and for writing, and what is not one.
class tst_fiforeader_open : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsNoFifoIsRefused_data();
    void whatIsNoFifoIsRefused();
    void linksAreFollowed();
    void oneWithoutPermissionIsRefused();
    void regularFileIsNotTouched();
    void neitherWaitsInOpen();
    void canBeOpenedAHundredTimes();
    void staysAPipeReaderForHandles();
};

void tst_fiforeader_open::whatIsNoFifoIsRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<StreamDevice::Error>("error");
    QTest::addColumn<int>("native");
    QTest::newRow("missing") << "/no/such/fifo" << StreamDevice::ServerNotFoundError << ENOENT;
    QTest::newRow("empty name") << "" << StreamDevice::ServerNotFoundError << ENOENT;
    QTest::newRow("file as directory") << "/etc/passwd/fifo" << StreamDevice::ServerNotFoundError << ENOTDIR;
    QTest::newRow("too long") << "/tmp/" + QString(300, QLatin1Char('x')) << StreamDevice::ServerNotFoundError << ENAMETOOLONG;
    QTest::newRow("null character") << QString::fromLatin1("/tmp/a\0b", 8) << StreamDevice::OperationError << 0;
    QTest::newRow("directory") << "/" << StreamDevice::UnsupportedSocketOperationError << EISDIR;
    QTest::newRow("file") << "/etc/passwd" << StreamDevice::UnsupportedSocketOperationError << 0;
    QTest::newRow("device") << "/dev/null" << StreamDevice::UnsupportedSocketOperationError << 0;
}

void tst_fiforeader_open::whatIsNoFifoIsRefused()
{
    QFETCH(QString, name);
    QFETCH(StreamDevice::Error, error);
    QFETCH(int, native);
    FifoReader reader;
    FifoWriter writer;
    const auto refused = [&](StreamDevice &device, bool opened) {
        QVERIFY(!opened);
        QVERIFY(!device.isOpen());
        QCOMPARE(device.error(), error);
        QCOMPARE(device.nativeError(), native);
        QVERIFY2(device.errorString().contains(name.isEmpty() ? QString("the path is empty") : "open the FIFO " + name.left(5)),
                 qPrintable(device.errorString()));
    };
    refused(reader, reader.open(name));
    refused(writer, writer.open(name));
}

void tst_fiforeader_open::linksAreFollowed()
{
    QVERIFY(FifoFile::make(path()));
    QVERIFY(QFile::link(path(), path("link")));
    FifoReader reader;
    QVERIFY(reader.open(path("link")));
    QCOMPARE(reader.path(), path("link"));
    QVERIFY(QFile::link(path("loop"), path("loop")));
    QVERIFY(!reader.open(path("loop")));
    QCOMPARE(reader.nativeError(), ELOOP);
    QCOMPARE(reader.error(), StreamDevice::ServerNotFoundError);
}

void tst_fiforeader_open::oneWithoutPermissionIsRefused()
{
    if (!ForkedChild::canChangeUser())
        QSKIP("root may open everything, and only root can be another user");
    QVERIFY(FifoFile::make(path()));
    QVERIFY(QFile::setPermissions(directory(), QFile::permissions(directory()) | QFile::ReadOther | QFile::ExeOther));
    const QString name = path();
    ForkedChild child(
        [name]() -> QByteArray {
            FifoReader reader;
            FifoWriter writer;
            const bool opened = reader.open(name) || writer.open(name);
            return QByteArray::number(opened) + ' ' + QByteArray::number(reader.error()) + ' ' + QByteArray::number(writer.nativeError());
        },
        ForkedChild::someOtherUser());
    QCOMPARE(child.result(), "0 3 " + QByteArray::number(EACCES));
}

void tst_fiforeader_open::regularFileIsNotTouched()
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("kept") == 4);
    file.close();
    FifoWriter writer;
    QVERIFY(!writer.open(path()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "kept");
}

void tst_fiforeader_open::neitherWaitsInOpen()
{
    QVERIFY(FifoFile::make(path()));
    FifoWriter writer;
    QVERIFY(writer.open(path()));
    QVERIFY(!writer.hasReader());
    QCOMPARE(writer.handle(), qintptr(-1));
    FifoReader reader;
    QVERIFY(reader.open(path()));
    QVERIFY(!reader.hasWriter());
    QVERIFY(!reader.isReadChannelFinished());
    // Nothing has happened: a read that finds nobody is no end.
    QVERIFY(!reader.waitForReadyRead(20));
    QVERIFY(!reader.isReadChannelFinished());
}

void tst_fiforeader_open::canBeOpenedAHundredTimes()
{
    QVERIFY(FifoFile::make(path()));
    FifoReader reader;
    FifoWriter writer;
    for (int i = 0; i < 100; ++i) {
        // Both ways round
        if (i % 2 == 0)
            QVERIFY(reader.open(path()));
        QVERIFY(writer.open(path()));
        const QByteArray message = "message " + QByteArray::number(i);
        QCOMPARE(writer.write(message), message.size());
        if (i % 2 == 1)
            QVERIFY(reader.open(path()));
        writer.close();
        QTRY_VERIFY(reader.isReadChannelFinished());
        QCOMPARE(reader.readAll(), message);
        QVERIFY(writer.waitForClosed());
    }
}

void tst_fiforeader_open::staysAPipeReaderForHandles()
{
    QVERIFY(FifoFile::make(path()));
    FifoReader reader;
    QVERIFY(reader.open(path(), FifoReader::WriterPolicy::WaitForNextWriter));
    int ends[2];
    QVERIFY(::pipe2(ends, O_CLOEXEC) == 0);
    QVERIFY(reader.open(NativeHandle(ends[0])));
    FifoWriter writer;
    QVERIFY(writer.open(NativeHandle(ends[1])));
    QCOMPARE(writer.write("through a pipe"), 14);
    writer.close();
    QTRY_VERIFY(reader.isReadChannelFinished());
    QCOMPARE(reader.readAll(), "through a pipe");
}

QTEST_GUILESS_MAIN(tst_fiforeader_open)
#include "tst_fiforeader_open.moc"
