// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "wine.h"

#include <InterprocessQt/NativeHandle>
#include <InterprocessQt/PeerCredentials>
#include <InterprocessQt/SecurityDescriptor>

#include <QFile>

#include <aclapi.h>
#include <sddl.h>

using namespace InterprocessQt;

// From and to text, what is refused and where, the parts, and that the system takes and gives back what was said.
class tst_securitydescriptor : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theDefaultIsForTheOwnerAlone();
    void textThereAndBack_data();
    void textThereAndBack();
    void wrongTextIsRefused_data();
    void wrongTextIsRefused();
    void aNullCharacterDoesNotCutTheText();
    void ownerAndGroup();
    void whatIsNoAccountIsRefused_data();
    void whatIsNoAccountIsRefused();
    void lists();
    void aListOfAnotherKindIsRefused();
    void allowAndDeny();
    void allowDoesNotOpenWhatWasClosed();
    void partsAreRemoved();
    void controlBits();
    void invalidStaysInvalid();
    void fromNative();
    void aPipeHasWhatItWasMadeWith();
    void applyToAndFromHandle();
    void handlesThatAreNone();
    void sharingAndComparing();
    void streaming();
    void theSystemEnforcesIt();

private:
    static SecurityDescriptor withoutList();
    static NativeHandle makePipe(const QString &name, const SecurityDescriptor &security, DWORD more = 0);
};

NativeHandle tst_securitydescriptor::makePipe(const QString &name, const SecurityDescriptor &security, DWORD more)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, const_cast<void *>(security.native()), FALSE};
    const QString full = QStringLiteral(R"(\\.\pipe\)") + name;
    const HANDLE pipe = CreateNamedPipeW(reinterpret_cast<const wchar_t *>(full.utf16()),
                                         PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | more,
                                         PIPE_TYPE_BYTE,
                                         1,
                                         0,
                                         0,
                                         0,
                                         &attributes);
    return pipe == INVALID_HANDLE_VALUE ? NativeHandle() : NativeHandle(reinterpret_cast<qintptr>(pipe));
}

// What D:NO_ACCESS_CONTROL is on Windows; Wine makes a list of it that is empty, and allows nothing.
SecurityDescriptor tst_securitydescriptor::withoutList()
{
    SECURITY_DESCRIPTOR absolute;
    InitializeSecurityDescriptor(&absolute, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(&absolute, TRUE, nullptr, FALSE);
    return SecurityDescriptor::fromNative(&absolute);
}

void tst_securitydescriptor::theDefaultIsForTheOwnerAlone()
{
    const SecurityDescriptor security;
    QVERIFY2(security.isValid(), qPrintable(security.errorString()));
    const QString user = PeerCredentials::ofThisProcess().securityId().value();
    QCOMPARE(security.owner(), user);
    QVERIFY(!security.group());
    QVERIFY(!security.sacl());
    QVERIFY(!security.allowsEverything());
    QVERIFY(security.dacl());
    QCOMPARE(security.dacl()->count(QLatin1Char('(')), 1); // one entry
    QVERIFY2(security.dacl()->contains(user), qPrintable(*security.dacl()));
    QVERIFY(security.control().testFlag(SecurityDescriptor::DaclProtected));
    QCOMPARE(security, SecurityDescriptor::ownerOnly());
}

void tst_securitydescriptor::textThereAndBack_data()
{
    QTest::addColumn<QString>("sddl");
    for (const char *sddl : {
             "O:BAG:SYD:P(A;;GA;;;SY)",
             "D:(D;;GA;;;NU)(A;;GRGW;;;AU)(A;;0x12019b;;;WD)",
             "D:P(A;;GA;;;S-1-5-21-1-2-3-1001)",
             "D:NO_ACCESS_CONTROL",
             "D:",
             "O:BA",
             "G:S-1-5-32-545",
             "D:(A;;GA;;;OW)S:(AU;SAFA;GA;;;WD)",
         })
        QTest::newRow(sddl) << QString::fromLatin1(sddl);
}

void tst_securitydescriptor::textThereAndBack()
{
    QFETCH(QString, sddl);
    if (isWine() && sddl == "D:NO_ACCESS_CONTROL")
        QSKIP("Wine takes it for a list that allows nothing");
    const auto security = SecurityDescriptor::fromSddl(sddl);
    QVERIFY2(security.isValid(), qPrintable(security.errorString()));
    QVERIFY(security.errorString().isEmpty());
    QCOMPARE(security.errorPosition(), -1);
    const QString text = security.toSddl();
    QVERIFY(!text.isEmpty());
    const auto again = SecurityDescriptor::fromSddl(text);
    QVERIFY2(again.isValid(), qPrintable(again.errorString()));
    QCOMPARE(again, security);
    QCOMPARE(again.toSddl(), text);
    // What it says, and nothing else
    QCOMPARE(security.owner().has_value(), sddl.contains("O:"));
    QCOMPARE(security.group().has_value(), sddl.contains("G:"));
    QCOMPARE(security.dacl().has_value(), sddl.contains("D:"));
    QCOMPARE(security.sacl().has_value(), sddl.contains("S:"));
    QCOMPARE(security.allowsEverything(), sddl == "D:NO_ACCESS_CONTROL");
}

void tst_securitydescriptor::wrongTextIsRefused_data()
{
    QTest::addColumn<QString>("sddl");
    QTest::addColumn<qsizetype>("position");
    QTest::newRow("empty") << QString() << qsizetype(0);
    QTest::newRow("spaces") << "  " << qsizetype(0);
    QTest::newRow("no part") << "everybody" << qsizetype(0);
    QTest::newRow("unknown part") << "O:BAX:BA" << qsizetype(4);
    QTest::newRow("owner") << "O:QQD:P(A;;GA;;;SY)" << qsizetype(2);
    QTest::newRow("rights") << "D:P(A;;GA;;;SY)(A;;GQ;;;SY)" << qsizetype(19);
    QTest::newRow("account") << "D:P(A;;GA;;;SY)(A;;GA;;;QQ)" << qsizetype(24);
    QTest::newRow("type") << "D:(QQ;;GA;;;SY)" << qsizetype(3);
    QTest::newRow("flags of an entry") << "D:(A;QQ;GA;;;SY)" << qsizetype(5);
    QTest::newRow("bracket") << "D:(A;;GA;;;SY" << qsizetype(2);
    QTest::newRow("fields") << "D:(A;;GA;SY)" << qsizetype(2);
}

void tst_securitydescriptor::wrongTextIsRefused()
{
    QFETCH(QString, sddl);
    QFETCH(qsizetype, position);
    const auto security = SecurityDescriptor::fromSddl(sddl);
    QVERIFY2(!security.isValid(), qPrintable(security.toSddl()));
    QCOMPARE(security.error(), SecurityDescriptor::SyntaxError);
    QVERIFY(!security.errorString().isEmpty());
    QVERIFY2(security.errorPosition() == position, qPrintable(security.errorString()));
    if (position > 0)
        QVERIFY2(security.errorString().contains(QString::number(position + 1)), qPrintable(security.errorString()));
    QCOMPARE(security.nativeError() != 0, !sddl.trimmed().isEmpty()); // Windows was asked
    QCOMPARE(security.native(), nullptr);
    QVERIFY(security.toSddl().isEmpty());
}

void tst_securitydescriptor::aNullCharacterDoesNotCutTheText()
{
    const QString sddl = QStringLiteral("D:P(A;;GA;;;WD)") + QChar(u'\0') + QStringLiteral("(D;;GA;;;NU)");
    const auto security = SecurityDescriptor::fromSddl(sddl);
    QVERIFY(!security.isValid());
    QCOMPARE(security.error(), SecurityDescriptor::SyntaxError);
    QCOMPARE(security.errorPosition(), 15);
    QVERIFY(!SecurityDescriptor().setOwner(QStringLiteral("BA") + QChar(u'\0') + QStringLiteral("X")));
}

void tst_securitydescriptor::ownerAndGroup()
{
    SecurityDescriptor security;
    const auto dacl = security.dacl();
    QVERIFY2(security.setOwner("BA"), qPrintable(security.errorString()));
    QCOMPARE(security.owner(), QStringLiteral("S-1-5-32-544"));
    QVERIFY(security.setGroup("S-1-5-18"));
    QCOMPARE(security.group(), QStringLiteral("S-1-5-18"));
    QCOMPARE(security.dacl(), dacl);
    QVERIFY(security.control().testFlag(SecurityDescriptor::DaclProtected));
}

void tst_securitydescriptor::whatIsNoAccountIsRefused_data()
{
    QTest::addColumn<QString>("sid");
    QTest::newRow("empty") << QString();
    QTest::newRow("unknown") << "QQ";
    QTest::newRow("more than an account") << "BAD:(A;;GA;;;WD)";
    QTest::newRow("entry") << "WD)(A;;GA;;;WD";
    QTest::newRow("cut") << "S-1-";
}

void tst_securitydescriptor::whatIsNoAccountIsRefused()
{
    QFETCH(QString, sid);
    const auto refused = [](bool done, const SecurityDescriptor &security) {
        return !done && !security.isValid() && security.error() == SecurityDescriptor::SyntaxError && !security.errorString().isEmpty();
    };
    SecurityDescriptor owner;
    QVERIFY(refused(owner.setOwner(sid), owner));
    SecurityDescriptor group;
    QVERIFY(refused(group.setGroup(sid), group));
    SecurityDescriptor allowed;
    QVERIFY(refused(allowed.allow(sid, SecurityDescriptor::ReadRight), allowed));
    SecurityDescriptor denied;
    QVERIFY(refused(denied.deny(sid, SecurityDescriptor::ReadRight), denied));
}

void tst_securitydescriptor::lists()
{
    SecurityDescriptor security;
    const auto owner = security.owner();
    QVERIFY2(security.setDacl("D:(A;;GR;;;AU)"), qPrintable(security.errorString()));
    QCOMPARE(security.dacl()->count(QLatin1Char('(')), 1);
    QVERIFY2(security.dacl()->contains(";AU)"), qPrintable(*security.dacl()));
    QVERIFY(!security.control().testFlag(SecurityDescriptor::DaclProtected));
    QCOMPARE(security.owner(), owner);
    QVERIFY2(security.setSacl("S:(AU;FA;GA;;;WD)"), qPrintable(security.errorString()));
    QVERIFY(security.sacl());
    QVERIFY(security.control().testFlag(SecurityDescriptor::SaclPresent));
    QVERIFY(security.dacl()->contains(";AU)"));
    QVERIFY(security.setDacl("D:"));
    QVERIFY(!security.allowsEverything());
    QVERIFY(security.dacl());

    // The integrity level is an entry of the other list.
    QVERIFY2(security.setSacl("S:(ML;;NW;;;LW)"), qPrintable(security.errorString()));
    if (isWine() && !security.sacl()->contains("ML"))
        QSKIP("Wine does not write labels as text");
    QVERIFY2(security.sacl()->contains("(ML;;NW;;;LW)"), qPrintable(*security.sacl()));
}

void tst_securitydescriptor::aListOfAnotherKindIsRefused()
{
    SecurityDescriptor security;
    QVERIFY(!security.setDacl("S:(AU;FA;GA;;;WD)"));
    QCOMPARE(security.error(), SecurityDescriptor::SyntaxError);
    security = SecurityDescriptor();
    QVERIFY(!security.setDacl("O:BAD:(A;;GA;;;WD)"));
    QVERIFY(!security.isValid());
    security = SecurityDescriptor();
    QVERIFY(!security.setSacl("D:(A;;GA;;;WD)"));
    QVERIFY(!security.isValid());
}

void tst_securitydescriptor::allowAndDeny()
{
    auto security = SecurityDescriptor::fromSddl("D:P(A;;GA;;;SY)");
    QVERIFY2(security.allow("AU", SecurityDescriptor::ReadRight | SecurityDescriptor::WriteRight), qPrintable(security.errorString()));
    QVERIFY2(security.deny("NU", SecurityDescriptor::AllRights), qPrintable(security.errorString()));
    const auto wanted = SecurityDescriptor::fromSddl("D:P(D;;GA;;;NU)(A;;GA;;;SY)(A;;0x12019b;;;AU)");
    QVERIFY(wanted.isValid());
    QCOMPARE(security.toSddl(), wanted.toSddl());
    QCOMPARE(security, wanted);

    // In front of what is inherited
    auto inherited = SecurityDescriptor::fromSddl("D:(A;;GA;;;SY)(A;ID;GA;;;BA)");
    QVERIFY(inherited.allow("AU", SecurityDescriptor::ReadRight));
    QCOMPARE(inherited, SecurityDescriptor::fromSddl("D:(A;;GA;;;SY)(A;;0x120089;;;AU)(A;ID;GA;;;BA)"));
}

void tst_securitydescriptor::allowDoesNotOpenWhatWasClosed()
{
    auto none = SecurityDescriptor::fromSddl("D:P");
    QVERIFY2(none.isValid(), qPrintable(none.errorString()));
    QVERIFY(none.allow("SY", SecurityDescriptor::AllRights));
    QCOMPARE(none.dacl()->count(QLatin1Char('(')), 1);
    QVERIFY(none.control().testFlag(SecurityDescriptor::DaclProtected));

    auto unsaid = SecurityDescriptor::fromSddl("O:BA");
    QVERIFY(unsaid.allow("SY", SecurityDescriptor::AllRights));
    QCOMPARE(unsaid.dacl()->count(QLatin1Char('(')), 1);
    QVERIFY(!unsaid.allowsEverything());

    SecurityDescriptor everything = withoutList();
    QVERIFY(everything.allow("SY", SecurityDescriptor::AllRights)); // who may everything already
    QVERIFY(everything.allowsEverything());
    QVERIFY(!everything.deny("NU", SecurityDescriptor::AllRights)); // everybody else would be denied it, too
    QCOMPARE(everything.error(), SecurityDescriptor::OperationError);
    QVERIFY(!everything.isValid());
}

void tst_securitydescriptor::partsAreRemoved()
{
    auto security = SecurityDescriptor::fromSddl("O:BAG:SYD:P(A;;GA;;;SY)S:(AU;FA;GA;;;WD)");
    QVERIFY2(security.remove(SecurityDescriptor::Owner), qPrintable(security.errorString()));
    QVERIFY(!security.owner());
    QVERIFY(security.group() && security.dacl() && security.sacl());
    QVERIFY(security.remove(SecurityDescriptor::Dacl | SecurityDescriptor::Sacl));
    QVERIFY(!security.dacl());
    QVERIFY(!security.sacl());
    QVERIFY(!security.control().testFlag(SecurityDescriptor::DaclPresent));
    QVERIFY(!security.control().testFlag(SecurityDescriptor::DaclProtected));
    QCOMPARE(security.group(), QStringLiteral("S-1-5-18"));
}

void tst_securitydescriptor::controlBits()
{
    auto security = SecurityDescriptor::fromSddl("D:(A;;GA;;;SY)");
    QVERIFY(security.control().testFlag(SecurityDescriptor::SelfRelative));
    QVERIFY(security.control().testFlag(SecurityDescriptor::DaclPresent));
    QVERIFY(!security.control().testFlag(SecurityDescriptor::DaclProtected));
    QVERIFY2(security.setControl(SecurityDescriptor::DaclProtected), qPrintable(security.errorString()));
    QVERIFY(security.control().testFlag(SecurityDescriptor::DaclProtected));
    QVERIFY2(security.dacl()->startsWith("D:P"), qPrintable(*security.dacl()));
    QVERIFY(security.setControl(SecurityDescriptor::DaclProtected, false));
    QVERIFY(!security.control().testFlag(SecurityDescriptor::DaclProtected));
    QVERIFY(!security.setControl(SecurityDescriptor::OwnerDefaulted));
    QCOMPARE(security.error(), SecurityDescriptor::OperationError);
    QCOMPARE(security.nativeError(), ERROR_INVALID_PARAMETER);
}

void tst_securitydescriptor::invalidStaysInvalid()
{
    auto security = SecurityDescriptor::fromSddl("nonsense");
    const QString reason = security.errorString();
    QVERIFY(!security.setOwner("BA"));
    QVERIFY(!security.setDacl("D:P"));
    QVERIFY(!security.allow("SY", SecurityDescriptor::AllRights));
    QVERIFY(!security.remove(SecurityDescriptor::Owner));
    QVERIFY(!security.setControl(SecurityDescriptor::DaclProtected));
    QVERIFY(!security.isValid());
    QCOMPARE(security.errorString(), reason); // the first one
    QVERIFY(!security.owner() && !security.group() && !security.dacl() && !security.sacl());
    QCOMPARE(security.control(), SecurityDescriptor::Control());
}

void tst_securitydescriptor::fromNative()
{
    const SecurityDescriptor copied = withoutList();
    QVERIFY2(copied.isValid(), qPrintable(copied.errorString()));
    QVERIFY(copied.allowsEverything());
    QVERIFY(copied.dacl());
    QCOMPARE(SecurityDescriptor::fromNative(copied.native()), copied); // self-relative

    const auto none = SecurityDescriptor::fromNative(nullptr);
    QVERIFY(!none.isValid());
    QCOMPARE(none.error(), SecurityDescriptor::OperationError);
    SECURITY_DESCRIPTOR absolute = {};
    absolute.Revision = 77;
    const auto wrong = SecurityDescriptor::fromNative(&absolute);
    QVERIFY(!wrong.isValid());
    QCOMPARE(wrong.nativeError(), ERROR_INVALID_SECURITY_DESCR);
    QVERIFY(!wrong.errorString().isEmpty());
}

void tst_securitydescriptor::aPipeHasWhatItWasMadeWith()
{
    const NativeHandle pipe = makePipe(abstractName(), SecurityDescriptor());
    QVERIFY(pipe);
    const auto read = SecurityDescriptor::fromHandle(pipe.get());
    QVERIFY2(read.isValid(), qPrintable(read.errorString()));
    QCOMPARE(read.owner(), SecurityDescriptor().owner());
    QVERIFY(read.dacl());
    // GENERIC_ALL has become what that is on a pipe.
    QCOMPARE(read.dacl()->count(QLatin1Char('(')), 1);
    QVERIFY2(read.dacl()->contains(*read.owner()), qPrintable(read.toSddl()));
    QVERIFY(!SecurityDescriptor::fromHandle(pipe.get(), SecurityDescriptor::Owner).dacl());
}

void tst_securitydescriptor::applyToAndFromHandle()
{
    const NativeHandle pipe = makePipe(abstractName(), SecurityDescriptor(), WRITE_DAC);
    QVERIFY(pipe);
    SecurityDescriptor security;
    QVERIFY(security.allow("AU", SecurityDescriptor::ReadRight | SecurityDescriptor::WriteRight));
    int native = -1;
    QVERIFY2(security.applyTo(pipe.get(), SecurityDescriptor::Dacl, &native), qPrintable(qt_error_string(native)));
    QCOMPARE(native, 0);
    const auto read = SecurityDescriptor::fromHandle(pipe.get(), SecurityDescriptor::Dacl);
    QVERIFY2(read.dacl() && read.dacl()->contains(";AU)"), qPrintable(read.toSddl()));
}

void tst_securitydescriptor::handlesThatAreNone()
{
    const auto none = SecurityDescriptor::fromHandle(NativeHandle::Invalid);
    QVERIFY(!none.isValid());
    QVERIFY(none.nativeError() != 0);
    QVERIFY(!none.errorString().isEmpty());
    int native = 0;
    QVERIFY(!SecurityDescriptor().applyTo(0, SecurityDescriptor::Dacl, &native));
    QCOMPARE(native, ERROR_INVALID_HANDLE);
    const NativeHandle pipe = makePipe(abstractName(), SecurityDescriptor(), WRITE_DAC);
    QVERIFY(pipe);
    QVERIFY(!SecurityDescriptor::fromSddl("nonsense").applyTo(pipe.get(), SecurityDescriptor::Dacl, &native));
    QCOMPARE(native, ERROR_INVALID_SECURITY_DESCR);
}

void tst_securitydescriptor::sharingAndComparing()
{
    const auto one = SecurityDescriptor::fromSddl("D:P(A;;GA;;;SY)");
    SecurityDescriptor other = one;
    QCOMPARE(other, one);
    QCOMPARE(other.native(), one.native()); // shared
    QVERIFY(other.setOwner("BA"));
    QVERIFY(other != one);
    QVERIFY(!one.owner()); // and not changed along
    SecurityDescriptor moved = std::move(other);
    QCOMPARE(moved.owner(), QStringLiteral("S-1-5-32-544"));
    other = one;
    other.swap(moved);
    QCOMPARE(moved, one);
    QVERIFY(SecurityDescriptor::fromSddl("x") == SecurityDescriptor::fromSddl("y"));
    QVERIFY(SecurityDescriptor::fromSddl("x") != one);
    // Nothing is allowed to anybody, and everything to everybody: as different as can be.
    QVERIFY(SecurityDescriptor::fromSddl("D:") != withoutList());
}

void tst_securitydescriptor::streaming()
{
    QString text;
    QDebug(&text) << SecurityDescriptor::fromSddl("D:P(A;;GA;;;SY)");
    QVERIFY2(text.contains("SecurityDescriptor(D:P(A;;GA;;;SY))"), qPrintable(text));
    text.clear();
    QDebug(&text) << SecurityDescriptor::fromSddl("nonsense");
    QVERIFY2(text.contains("invalid"), qPrintable(text));
}

void tst_securitydescriptor::theSystemEnforcesIt()
{
    if (isWine())
        QSKIP("Wine keeps the security descriptor of a pipe, and lets everybody in all the same");
    const QString name = abstractName();
    const QString full = QStringLiteral(R"(\\.\pipe\)") + name;
    const NativeHandle pipe = makePipe(name, SecurityDescriptor::fromSddl("D:P"));
    QVERIFY(pipe);
    const HANDLE client = CreateFileW(reinterpret_cast<const wchar_t *>(full.utf16()), GENERIC_READ, 0, nullptr, OPEN_EXISTING, 0, nullptr);
    const DWORD error = GetLastError();
    const NativeHandle guard(client == INVALID_HANDLE_VALUE ? NativeHandle::Invalid : reinterpret_cast<qintptr>(client));
    QVERIFY(!guard);
    QCOMPARE(error, DWORD(ERROR_ACCESS_DENIED));
}

QTEST_GUILESS_MAIN(tst_securitydescriptor)
#include "tst_securitydescriptor.moc"
