// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "../local/forkedchild.h"
#include "../local/rawsocket.h"

#include <InterprocessQt/Address>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QDir>

using namespace InterprocessQt;

/*
 * Address::runtime(): in a directory that is ours alone, or not at all.
 *
 * Where there is no $XDG_RUNTIME_DIR, the directory has a fixed name for each user. So as not to disturb that of the user
 * who runs the tests, these cases are tried in a child process of a user whom nobody is.
 */
class tst_address_runtime : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void isInTheDirectoryOfTheUser();
    void canBeListenedAt();
    void anUnusableDirectoryIsRefused_data();
    void anUnusableDirectoryIsRefused();
    void aDirectoryOfSomebodyElseIsRefused();
    void withoutTheVariableADirectoryIsMade();
    void withoutTheVariableAnUnusableDirectoryIsRefused_data();
    void withoutTheVariableAnUnusableDirectoryIsRefused();
};

namespace
{
constexpr auto Variable = "XDG_RUNTIME_DIR";

// Sets the variable for as long as it lives.
class RuntimeDirectory
{
public:
    explicit RuntimeDirectory(const QByteArray &value)
        : m_before(qgetenv(Variable))
        , m_wasSet(qEnvironmentVariableIsSet(Variable))
    {
        qputenv(Variable, value);
    }
    ~RuntimeDirectory()
    {
        if (m_wasSet)
            qputenv(Variable, m_before);
        else
            qunsetenv(Variable);
    }
    Q_DISABLE_COPY_MOVE(RuntimeDirectory)

private:
    QByteArray m_before;
    bool m_wasSet;
};

// In a child of that user and without the variable: the name, or "refused: " and why.
QByteArray runtimeNameFor(uid_t user)
{
    ForkedChild child(
        []() -> QByteArray {
            qunsetenv(Variable);
            const Address address = Address::runtime("socket");
            return address.isValid() ? address.nativeName().toUtf8() : "refused: " + address.errorString().toUtf8();
        },
        user);
    return child.result();
}

QString fallbackFor(uid_t user)
{
    return QStringLiteral("/tmp/interprocessqt-%1").arg(user);
}
} // namespace

void tst_address_runtime::isInTheDirectoryOfTheUser()
{
    const QTemporaryDir own;
    const RuntimeDirectory set(QFile::encodeName(own.path()));
    const Address address = Address::runtime("socket");
    QVERIFY2(address.isValid(), qPrintable(address.errorString()));
    QCOMPARE(address.kind(), Address::Kind::FilePath);
    QCOMPARE(address.nativeName(), own.filePath("socket"));
    QCOMPARE(Address::fromString(address.toString()), address);
}

void tst_address_runtime::canBeListenedAt()
{
    const QTemporaryDir own;
    const RuntimeDirectory set(QFile::encodeName(own.path()));
    LocalServer server;
    QVERIFY2(server.listen(Address::runtime("socket")), qPrintable(server.errorString()));
    LocalSocket client;
    client.connectToServer(Address::runtime("socket"));
    QVERIFY(client.waitForConnected());
    QVERIFY(Raw::connected(Raw::fileName(own.filePath("socket"))).isValid());
}

void tst_address_runtime::anUnusableDirectoryIsRefused_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("reason");
    QTest::newRow("relative") << "run/user"
                              << "not an absolute path";
    QTest::newRow("missing") << "%1/missing"
                             << "No such file";
    QTest::newRow("file") << "%1/file"
                          << "not a directory";
    QTest::newRow("symbolic link") << "%1/link"
                                   << "symbolic link";
    QTest::newRow("open to the group") << "%1/group"
                                       << "0750";
    QTest::newRow("open to all") << "%1/open"
                                 << "0777";
}

void tst_address_runtime::anUnusableDirectoryIsRefused()
{
    QFETCH(QString, value);
    QFETCH(QString, reason);
    const QTemporaryDir place;
    QFile file(place.filePath("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QDir folder(place.path());
    QVERIFY(folder.mkdir("private") && folder.mkdir("group") && folder.mkdir("open"));
    QCOMPARE(::chmod(QFile::encodeName(place.filePath("private")).constData(), 0700), 0);
    QCOMPARE(::chmod(QFile::encodeName(place.filePath("group")).constData(), 0750), 0);
    QCOMPARE(::chmod(QFile::encodeName(place.filePath("open")).constData(), 0777), 0);
    QVERIFY(QFile::link(place.filePath("private"), place.filePath("link")));

    if (value.contains("%1"))
        value = value.arg(place.path());
    const RuntimeDirectory set(QFile::encodeName(value));
    const Address address = Address::runtime("socket");
    QVERIFY(!address.isValid());
    const QString text = address.errorString();
    QVERIFY2(text.contains(value), qPrintable(text));
    QVERIFY2(text.contains(reason), qPrintable(text));
}

void tst_address_runtime::aDirectoryOfSomebodyElseIsRefused()
{
    const QTemporaryDir place;
    QByteArray theirs = "/"; // belongs to root
    if (ForkedChild::canChangeUser()) {
        theirs = QFile::encodeName(place.path());
        QCOMPARE(::chown(theirs.constData(), ForkedChild::someOtherUser(), gid_t(-1)), 0);
    }
    const RuntimeDirectory set(theirs);
    const Address address = Address::runtime("socket");
    QVERIFY(!address.isValid());
    QVERIFY2(address.errorString().contains("belongs to another user"), qPrintable(address.errorString()));
    QVERIFY2(address.errorString().contains(QFile::decodeName(theirs)), qPrintable(address.errorString()));
}

void tst_address_runtime::withoutTheVariableADirectoryIsMade()
{
    if (!ForkedChild::canChangeUser())
        QSKIP("Only root can act as a user whose directory is not in use");
    const uid_t user = ForkedChild::someOtherUser();
    const QString fallback = fallbackFor(user);
    QVERIFY(!Raw::fileAt(fallback));

    QCOMPARE(runtimeNameFor(user), (fallback + "/socket").toUtf8());
    const auto made = Raw::fileAt(fallback);
    QVERIFY(made && S_ISDIR(made->st_mode));
    QCOMPARE(made->st_mode & 07777, 0700u);
    QCOMPARE(made->st_uid, user);
    QCOMPARE(runtimeNameFor(user), (fallback + "/socket").toUtf8()); // the one that is there is used again
    QVERIFY(QDir().rmdir(fallback));
}

void tst_address_runtime::withoutTheVariableAnUnusableDirectoryIsRefused_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("of somebody else") << QByteArray("theirs") << QByteArray("belongs to another user");
    QTest::newRow("a symbolic link") << QByteArray("link") << QByteArray("symbolic link");
    QTest::newRow("open to others") << QByteArray("open") << QByteArray("0711");
    QTest::newRow("a file") << QByteArray("file") << QByteArray("not a directory");
}

void tst_address_runtime::withoutTheVariableAnUnusableDirectoryIsRefused()
{
    if (!ForkedChild::canChangeUser())
        QSKIP("Only root can act as a user whose directory is not in use");
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, reason);
    const uid_t user = ForkedChild::someOtherUser();
    const QByteArray fallback = QFile::encodeName(fallbackFor(user));
    QVERIFY(!Raw::fileAt(fallbackFor(user)));

    // What an attacker may have put there before the first start.
    const QTemporaryDir target;
    QCOMPARE(::chown(QFile::encodeName(target.path()).constData(), user, user), 0);
    if (kind == "link") {
        QCOMPARE(::symlink(QFile::encodeName(target.path()).constData(), fallback.constData()), 0);
        QCOMPARE(::lchown(fallback.constData(), user, user), 0);
    } else if (kind == "file") {
        QFile file(fallbackFor(user));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(::chown(fallback.constData(), user, user), 0);
    } else {
        QCOMPARE(::mkdir(fallback.constData(), 0700), 0);
        if (kind == "open") {
            QCOMPARE(::chown(fallback.constData(), user, user), 0);
            QCOMPARE(::chmod(fallback.constData(), 0711), 0);
        }
    }
    const QByteArray answer = runtimeNameFor(user);
    QVERIFY(::rmdir(fallback.constData()) == 0 || ::unlink(fallback.constData()) == 0);
    QVERIFY2(answer.startsWith("refused: "), answer.constData());
    QVERIFY2(answer.contains(reason), answer.constData());
    QVERIFY2(answer.contains(fallback), answer.constData());
}

QTEST_GUILESS_MAIN(tst_address_runtime)
#include "tst_address_runtime.moc"
