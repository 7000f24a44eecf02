// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "faulttest.h"

#include <InterprocessQt/Address>

#include <QDir>

#include <unistd.h>

using namespace InterprocessQt;

namespace
{

// Asks for a name in the private directory of the user, which is looked at each time.
class RuntimeName : public Scenario
{
protected:
    void run() override
    {
        const Address address = Address::runtime(QStringLiteral("socket"));
        if (address.isValid())
            complete();
        else if (!address.errorString().isEmpty())
            toldOtherwise(address.errorString());
        if (address.isValid() != address.errorString().isEmpty())
            wrong(QStringLiteral("valid and yet not, or neither"));
    }
};

} // namespace

class tst_faults_address : public FaultTest
{
    Q_OBJECT

private Q_SLOTS:
    void inTheDirectoryOfTheUser();
    void inADirectoryOfItsOwn();
    void cleanupTestCase();

private:
    const QByteArray m_before = qgetenv("XDG_RUNTIME_DIR");
};

void tst_faults_address::inTheDirectoryOfTheUser()
{
    qputenv("XDG_RUNTIME_DIR", directory().toUtf8());
    inject([] {
        return std::make_unique<RuntimeName>();
    });
}

void tst_faults_address::inADirectoryOfItsOwn()
{
    qunsetenv("XDG_RUNTIME_DIR");
    const QString own = QStringLiteral("/tmp/interprocessqt-%1").arg(geteuid());
    const bool wasThere = QDir(own).exists();
    inject([] {
        return std::make_unique<RuntimeName>();
    });
    if (!wasThere)
        QDir().rmdir(own);
}

void tst_faults_address::cleanupTestCase()
{
    qputenv("XDG_RUNTIME_DIR", m_before);
}

QTEST_GUILESS_MAIN(tst_faults_address)

#include "tst_faults_address.moc"
