// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "../local/forkedchild.h"
#include "fifofile.h"
#include "ipctest.h"

#include <InterprocessQt/Fifo>

#include <QDir>

using namespace InterprocessQt;

// The file behind a FIFO: how it is made, what is in its way, and who removes it.
class tst_fifo_file : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void hasExactlyThePermissionsAskedFor_data();
    void hasExactlyThePermissionsAskedFor();
    void isForThisUserAloneByDefault();
    void isRemovedByItsOwner();
    void isLeftWhereItIsAfterRelease();
    void isMovedWithItsObject();
    void doesNotRemoveWhatHasTakenItsPlace();
    void isNotRemovedByAForkedChild();
    void secondCreatorIsRefused();
    void staleOneIsUsedIfAsked();
    void permissionsOfAnExistingOneAreSet();
    void somethingElseInTheWayIsLeftAlone_data();
    void somethingElseInTheWayIsLeftAlone();
    void oneOfAnotherUserIsNotUsed();
    void errorsAreTold_data();
    void errorsAreTold();
    void directoryOfAnotherUserIsRefused();
};

void tst_fifo_file::hasExactlyThePermissionsAskedFor_data()
{
    QTest::addColumn<int>("mask");
    QTest::addColumn<QFileDevice::Permissions>("permissions");
    QTest::addColumn<int>("mode");

    const QFileDevice::Permissions none;
    const QFileDevice::Permissions group = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::WriteGroup;
    const QFileDevice::Permissions all =
        QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther | QFileDevice::WriteOther;
    for (const int mask : {0, 0022, 0077, 0777}) {
        QTest::addRow("umask %o, nothing", unsigned(mask)) << mask << none << 0;
        QTest::addRow("umask %o, group may write", unsigned(mask)) << mask << group << 0620;
        QTest::addRow("umask %o, everybody", unsigned(mask)) << mask << all << 0666;
    }
}

void tst_fifo_file::hasExactlyThePermissionsAskedFor()
{
    QFETCH(int, mask);
    QFETCH(QFileDevice::Permissions, permissions);
    QFETCH(int, mode);

    const mode_t before = ::umask(mode_t(mask));
    const Fifo fifo = Fifo::create(path(), permissions);
    ::umask(before);
    QVERIFY2(fifo.isValid(), qPrintable(fifo.errorString()));
    QVERIFY(FifoFile::isFifo(path()));
    QCOMPARE(FifoFile::mode(path()), mode);
}

void tst_fifo_file::isForThisUserAloneByDefault()
{
    const Fifo fifo = Fifo::create(path());
    QVERIFY(fifo.isValid());
    QCOMPARE(fifo.path(), path());
    QCOMPARE(FifoFile::mode(path()), 0600);
    QCOMPARE(fifo.error(), Fifo::UnknownError);
    QCOMPARE(fifo.errorString(), QString());
}

void tst_fifo_file::isRemovedByItsOwner()
{
    {
        const Fifo fifo = Fifo::create(path());
        QVERIFY(FifoFile::isFifo(path()));
    }
    QVERIFY(!FifoFile::isFifo(path()));

    Fifo fifo = Fifo::create(path());
    QVERIFY(fifo.remove());
    QVERIFY(!FifoFile::isFifo(path()));
    QVERIFY(!fifo.isValid());
    QVERIFY(!fifo.remove());
}

void tst_fifo_file::isLeftWhereItIsAfterRelease()
{
    {
        Fifo fifo = Fifo::create(path());
        fifo.release();
        QVERIFY(!fifo.isValid());
    }
    QVERIFY(FifoFile::isFifo(path()));
}

void tst_fifo_file::isMovedWithItsObject()
{
    Fifo outer;
    QVERIFY(!outer.isValid());
    QVERIFY(!outer.remove());
    {
        Fifo fifo = Fifo::create(path());
        outer = std::move(fifo);
    }
    QVERIFY(outer.isValid());
    QVERIFY(FifoFile::isFifo(path()));
    outer = Fifo::create(path("other"));
    QVERIFY(!FifoFile::isFifo(path()));
    QVERIFY(FifoFile::isFifo(path("other")));
}

void tst_fifo_file::doesNotRemoveWhatHasTakenItsPlace()
{
    Fifo fifo = Fifo::create(path());
    // Kept under another name, or the system might give the same inode again.
    QVERIFY(QFile::rename(path(), path("renamed")));
    QVERIFY(FifoFile::make(path()));
    QVERIFY(!fifo.remove());
    QVERIFY(FifoFile::isFifo(path()));
}

void tst_fifo_file::isNotRemovedByAForkedChild()
{
    Fifo fifo = Fifo::create(path());
    ForkedChild child([&] {
        return fifo.remove() ? QByteArray("removed") : QByteArray("kept");
    });
    QCOMPARE(child.result(), "kept");
    QVERIFY(FifoFile::isFifo(path()));
    QVERIFY(fifo.remove());
}

void tst_fifo_file::secondCreatorIsRefused()
{
    const Fifo first = Fifo::create(path());
    {
        const Fifo second = Fifo::create(path());
        QVERIFY(!second.isValid());
        QCOMPARE(second.error(), Fifo::NameInUseError);
        QCOMPARE(second.nativeError(), EEXIST);
        QVERIFY2(second.errorString().contains(path() + ": there is a FIFO"), qPrintable(second.errorString()));
    }
    QVERIFY(FifoFile::isFifo(path()));
}

void tst_fifo_file::staleOneIsUsedIfAsked()
{
    QVERIFY(FifoFile::make(path()));
    {
        const Fifo fifo = Fifo::create(path(), Fifo::DefaultPermissions, Fifo::NamePolicy::UseExisting);
        QVERIFY2(fifo.isValid(), qPrintable(fifo.errorString()));
        QCOMPARE(fifo.error(), Fifo::UnknownError);
    }
    QVERIFY(!FifoFile::isFifo(path()));
    // And where there is none it is made.
    const Fifo fifo = Fifo::create(path(), Fifo::DefaultPermissions, Fifo::NamePolicy::UseExisting);
    QVERIFY(fifo.isValid());
}

void tst_fifo_file::permissionsOfAnExistingOneAreSet()
{
    QVERIFY(FifoFile::make(path()));
    QVERIFY(::chmod(QFile::encodeName(path()).constData(), 0666) == 0);
    const Fifo fifo = Fifo::create(path(), QFileDevice::ReadOwner, Fifo::NamePolicy::UseExisting);
    QVERIFY(fifo.isValid());
    QCOMPARE(FifoFile::mode(path()), 0400);
}

void tst_fifo_file::somethingElseInTheWayIsLeftAlone_data()
{
    QTest::addColumn<QString>("what");
    QTest::newRow("file") << "a file of that name that is not a FIFO";
    QTest::newRow("directory") << "a directory";
    QTest::newRow("link") << "a symbolic link";
}

void tst_fifo_file::somethingElseInTheWayIsLeftAlone()
{
    QFETCH(QString, what);
    if (what.contains("file")) {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("kept") == 4);
    } else if (what.contains("directory")) {
        QVERIFY(QDir().mkdir(path()));
    } else {
        QVERIFY(FifoFile::make(path("target")));
        QVERIFY(QFile::link(path("target"), path()));
    }
    for (const auto policy : {Fifo::NamePolicy::Exclusive, Fifo::NamePolicy::UseExisting}) {
        const Fifo fifo = Fifo::create(path(), Fifo::DefaultPermissions, policy);
        QVERIFY(!fifo.isValid());
        QCOMPARE(fifo.error(), Fifo::NameInUseError);
        QCOMPARE(fifo.nativeError(), EEXIST);
        QVERIFY2(fifo.errorString().contains(what), qPrintable(fifo.errorString()));
    }
    QVERIFY(FifoFile::mode(path()) != -1);
    QVERIFY(!FifoFile::isFifo(path()));
}

void tst_fifo_file::oneOfAnotherUserIsNotUsed()
{
    if (!ForkedChild::canChangeUser())
        QSKIP("only root can be another user");
    QVERIFY(FifoFile::make(path()));
    QVERIFY(::chown(QFile::encodeName(path()).constData(), ForkedChild::someOtherUser(), gid_t(-1)) == 0);
    const Fifo fifo = Fifo::create(path(), Fifo::DefaultPermissions, Fifo::NamePolicy::UseExisting);
    QCOMPARE(fifo.error(), Fifo::AccessError);
    QVERIFY2(fifo.errorString().contains("another user"), qPrintable(fifo.errorString()));
    QCOMPARE(FifoFile::mode(path()), 0600);
}

void tst_fifo_file::errorsAreTold_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Fifo::Error>("error");
    QTest::addColumn<int>("native");
    QTest::newRow("empty") << QString() << Fifo::NotFoundError << ENOENT;
    QTest::newRow("no directory") << "/no/such/directory/fifo" << Fifo::NotFoundError << ENOENT;
    QTest::newRow("file as directory") << "/etc/passwd/fifo" << Fifo::NotFoundError << ENOTDIR;
    QTest::newRow("too long") << "/tmp/" + QString(300, QLatin1Char('x')) << Fifo::NotFoundError << ENAMETOOLONG;
    QTest::newRow("null character") << QString::fromLatin1("/tmp/a\0b", 8) << Fifo::OperationError << 0;
    QTest::newRow("no FIFOs there") << "/proc/fifo" << Fifo::NotFoundError << ENOENT;
}

void tst_fifo_file::errorsAreTold()
{
    QFETCH(QString, name);
    QFETCH(Fifo::Error, error);
    QFETCH(int, native);
    const Fifo fifo = Fifo::create(name);
    QVERIFY(!fifo.isValid());
    QCOMPARE(fifo.error(), error);
    QCOMPARE(fifo.nativeError(), native);
    QVERIFY(!fifo.errorString().isEmpty());
}

void tst_fifo_file::directoryOfAnotherUserIsRefused()
{
    if (!ForkedChild::canChangeUser())
        QSKIP("only root can be another user");
    const QString name = path();
    ForkedChild child(
        [name]() -> QByteArray {
            const Fifo fifo = Fifo::create(name);
            return QByteArray::number(fifo.error()) + ' ' + QByteArray::number(fifo.nativeError());
        },
        ForkedChild::someOtherUser());
    QCOMPARE(child.result(), QByteArray::number(Fifo::AccessError) + ' ' + QByteArray::number(EACCES));
}

QTEST_GUILESS_MAIN(tst_fifo_file)
#include "tst_fifo_file.moc"
