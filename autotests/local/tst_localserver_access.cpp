// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "forkedchild.h"
#include "rawsocket.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <dlfcn.h>

using namespace InterprocessQt;

// What the file of a socket permits, from its first moment on.
class tst_localserver_access : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void permissionsAreRightFromTheStart_data();
    void permissionsAreRightFromTheStart();
    void takingOverGivesTheSamePermissions();
    void theUmaskIsNotChanged();
    void othersAreKeptOutByDefault();
    void othersMayComeIfTheyAreLetIn();
    void theOwnUserMayCome_data();
    void theOwnUserMayCome();
};

// ---- A look at the file at the very moment at which it comes into being: the library's call of bind() arrives here.

namespace
{
std::optional<mode_t> modeAfterBind;
}

extern "C" Q_DECL_EXPORT int bind(int fd, const sockaddr *address, socklen_t length) noexcept
{
    using Bind = int (*)(int, const sockaddr *, socklen_t);
    static const auto original = reinterpret_cast<Bind>(::dlsym(RTLD_NEXT, "bind"));
    const int result = original(fd, address, length);
    if (result == 0 && address->sa_family == AF_UNIX && length > sizeof(sa_family_t)) {
        const int error = errno;
        struct stat status;
        // The test's paths are short, so that a NUL is behind them.
        if (::lstat(reinterpret_cast<const sockaddr_un *>(address)->sun_path, &status) == 0)
            modeAfterBind = status.st_mode & 07777;
        errno = error;
    }
    return result;
}

namespace
{

class Umask
{
public:
    explicit Umask(mode_t mask)
        : m_before(::umask(mask))
    {
    }
    ~Umask()
    {
        ::umask(m_before);
    }
    Q_DISABLE_COPY_MOVE(Umask)

private:
    mode_t m_before;
};

std::optional<mode_t> modeOf(const QString &path)
{
    const auto file = Raw::fileAt(path);
    return file ? std::optional<mode_t>(file->st_mode & 07777) : std::nullopt;
}

// In a child of that user: "connected", or the number of the error.
QByteArray tryToConnect(const QString &path, uid_t user)
{
    ForkedChild child(
        [path]() -> QByteArray {
            return Raw::connected(Raw::fileName(path)) ? QByteArray("connected") : QByteArray::number(errno);
        },
        user);
    return child.result();
}

} // namespace

void tst_localserver_access::permissionsAreRightFromTheStart_data()
{
    QTest::addColumn<LocalServer::SocketOptions>("options");
    QTest::addColumn<int>("mask");
    QTest::addColumn<int>("mode");
    const auto add = [](const char *name, LocalServer::SocketOptions options, int mode) {
        for (int mask : {0, 0022, 0077, 0777})
            QTest::addRow("%s, umask %03o", name, unsigned(mask)) << options << mask << mode;
    };
    add("none", LocalServer::NoOptions, 0700);
    add("user", LocalServer::UserAccessOption, 0700);
    add("group", LocalServer::GroupAccessOption, 0070);
    add("other", LocalServer::OtherAccessOption, 0007);
    add("user and group", LocalServer::UserAccessOption | LocalServer::GroupAccessOption, 0770);
    add("world", LocalServer::WorldAccessOption, 0777);
}

void tst_localserver_access::permissionsAreRightFromTheStart()
{
    QFETCH(LocalServer::SocketOptions, options);
    QFETCH(int, mask);
    QFETCH(int, mode);
    modeAfterBind.reset();
    {
        const Umask umask{mode_t(mask)};
        LocalServer server;
        server.setSocketOptions(options);
        QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
        QCOMPARE(int(modeOf(path()).value_or(0)), mode);
    }
    QVERIFY(modeAfterBind); // otherwise this test has not seen what it is for
    QVERIFY2((*modeAfterBind & ~mode_t(mode)) == 0, qPrintable(QString::number(*modeAfterBind, 8)));
}

void tst_localserver_access::takingOverGivesTheSamePermissions()
{
    const Umask umask(0);
    QVERIFY(Raw::leaveStaleSocket(path()));
    QCOMPARE(int(modeOf(path()).value_or(0)), 0777); // what it had counts for nothing
    modeAfterBind.reset();
    LocalServer server;
    QVERIFY(server.listen(path()));
    QCOMPARE(int(modeOf(path()).value_or(0)), 0700);
    QVERIFY(modeAfterBind);
    QCOMPARE(int(*modeAfterBind), 0700);
}

void tst_localserver_access::theUmaskIsNotChanged()
{
    // It is one for all threads: a file that another one makes meanwhile would get the wrong permissions.
    const Umask umask(0027);
    LocalServer server;
    server.setSocketOptions(LocalServer::WorldAccessOption);
    QVERIFY(server.listen(path()));
    QCOMPARE(::umask(0027), 0027u);
}

void tst_localserver_access::othersAreKeptOutByDefault()
{
    if (!ForkedChild::canChangeUser())
        QSKIP("Only root can act as another user");
    QCOMPARE(::chmod(QFile::encodeName(directory()).constData(), 0755), 0);
    const Umask umask(0);
    LocalServer server;
    QVERIFY(server.listen(path()));
    QCOMPARE(tryToConnect(path(), ForkedChild::someOtherUser()), QByteArray::number(EACCES));
    QVERIFY(!server.hasPendingConnections());
}

void tst_localserver_access::othersMayComeIfTheyAreLetIn()
{
    if (!ForkedChild::canChangeUser())
        QSKIP("Only root can act as another user");
    QCOMPARE(::chmod(QFile::encodeName(directory()).constData(), 0755), 0);
    const Umask umask(0077);
    LocalServer server;
    server.setSocketOptions(LocalServer::WorldAccessOption);
    QVERIFY(server.listen(path()));
    QCOMPARE(tryToConnect(path(), ForkedChild::someOtherUser()), "connected");
    QTRY_VERIFY(server.hasPendingConnections());
}

void tst_localserver_access::theOwnUserMayCome_data()
{
    QTest::addColumn<int>("mask");
    QTest::newRow("umask 022") << 0022;
    QTest::newRow("umask 777") << 0777;
}

void tst_localserver_access::theOwnUserMayCome()
{
    QFETCH(int, mask);
    const auto listenAndConnect = [this, mask]() -> QByteArray {
        const Umask umask{mode_t(mask)};
        LocalServer server;
        if (!server.listen(path()))
            return server.errorString().toUtf8();
        return Raw::connected(Raw::fileName(path())) ? QByteArray("connected") : QByteArray::number(errno);
    };
    if (!ForkedChild::canChangeUser()) {
        QCOMPARE(listenAndConnect(), "connected");
        return;
    }
    // To root permissions mean nothing, so that somebody else tries.
    QCOMPARE(::chmod(QFile::encodeName(directory()).constData(), 0777), 0);
    ForkedChild child(listenAndConnect, ForkedChild::someOtherUser());
    QCOMPARE(child.result(), "connected");
}

QTEST_GUILESS_MAIN(tst_localserver_access)
#include "tst_localserver_access.moc"
