// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/Address>

#include <QDebug>
#include <QMetaProperty>
#include <QSet>
#include <QVariant>

using namespace InterprocessQt;

// An address as a value: compared, hashed, printed, copied, and carried by Qt's properties and variants.
class tst_address_value : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void equalityIsThatOfThePlace();
    void equalAddressesHashAlike();
    void copiesAndMovesAreAddresses();
    void debugOutputNamesIt();
    void variantsCarryIt();
    void isAPropertyType();
    void itsOwnPropertiesCanBeRead();
};

class Service : public QObject
{
    Q_OBJECT
    Q_PROPERTY(InterprocessQt::Address address MEMBER m_address NOTIFY addressChanged)

public:
    Address m_address;

Q_SIGNALS:
    void addressChanged(const InterprocessQt::Address &address);
};

void tst_address_value::equalityIsThatOfThePlace()
{
    QCOMPARE(Address("/tmp/x"), Address::filePath("/tmp/x"));
    QCOMPARE(Address("@x"), Address::namespaced("x"));
    QVERIFY(Address("/tmp/x") != Address("/tmp/y"));
    QVERIFY(Address::filePath("/tmp/@x") != Address::namespaced("/tmp/x"));
    QVERIFY(Address("/tmp/x") == QStringLiteral("/tmp/x")); // text is an address
    QCOMPARE(Address(), Address());
    QVERIFY(Address() != Address("/tmp/x"));
    QCOMPARE(Address(QString(500, QLatin1Char('x'))), Address(QString(500, QLatin1Char('x'))));
    QVERIFY(Address(QString(500, QLatin1Char('x'))) != Address(QString(501, QLatin1Char('x'))));
}

void tst_address_value::equalAddressesHashAlike()
{
    QCOMPARE(qHash(Address("@x"), 7), qHash(Address::namespaced("x"), 7));
    QVERIFY(qHash(Address("@x"), 7) != qHash(Address("@x"), 8));
    const QSet<Address> set{Address("@x"), Address::namespaced("x"), Address("/tmp/x"), Address("/tmp/x"), Address()};
    QCOMPARE(set.size(), 3);
    QVERIFY(set.contains(Address::filePath("/tmp/x")));
}

void tst_address_value::copiesAndMovesAreAddresses()
{
    Address original("/tmp/x");
    Address copy = original;
    QCOMPARE(copy, original);
    copy = Address("@y");
    QCOMPARE(original, Address("/tmp/x"));

    const Address moved = std::move(copy);
    QCOMPARE(moved, Address("@y"));
    copy = original; // what was moved from can be used again
    QCOMPARE(copy, original);

    Address other("@z");
    original.swap(other);
    QCOMPARE(original, Address("@z"));
    QCOMPARE(other, Address("/tmp/x"));
}

void tst_address_value::debugOutputNamesIt()
{
    const auto printed = [](const Address &address) {
        QString text;
        QDebug(&text) << address << 1;
        return text.trimmed();
    };
    QCOMPARE(printed(Address("/tmp/x")), QStringLiteral("Address(\"/tmp/x\") 1"));
    QVERIFY(printed(Address("@x")).contains("\"@x\""));
    const QString invalid = printed(Address(QString(500, QLatin1Char('x'))));
    QVERIFY2(invalid.contains("invalid") && (invalid.contains("505 bytes") || invalid.contains("500 characters")), qPrintable(invalid));
}

void tst_address_value::variantsCarryIt()
{
    const QVariant variant = QVariant::fromValue(Address("@x"));
    QCOMPARE(variant.value<Address>(), Address("@x"));
    QCOMPARE(variant, QVariant::fromValue(Address::namespaced("x")));
    QVERIFY(variant != QVariant::fromValue(Address("@y")));
    QCOMPARE(variant.metaType(), QMetaType::fromName("InterprocessQt::Address"));
    QString text;
    QDebug(&text) << variant;
    QVERIFY2(text.contains("@x"), qPrintable(text));
}

void tst_address_value::isAPropertyType()
{
    Service service;
    QSignalSpy changed(&service, &Service::addressChanged);
    QVERIFY(service.setProperty("address", QVariant::fromValue(Address("/tmp/x"))));
    QCOMPARE(service.m_address, Address("/tmp/x"));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.first().first().value<Address>(), Address("/tmp/x"));
    QVERIFY(service.setProperty("address", QVariant::fromValue(Address::filePath("/tmp/x"))));
    QCOMPARE(changed.count(), 1); // equal: nothing has changed
    QCOMPARE(service.property("address").value<Address>(), Address("/tmp/x"));
}

void tst_address_value::itsOwnPropertiesCanBeRead()
{
    const auto read = [](const Address &address, const char *name) {
        const QMetaObject &meta = Address::staticMetaObject;
        return meta.property(meta.indexOfProperty(name)).readOnGadget(&address);
    };
    QCOMPARE(read(Address("@x"), "string").toString(), "@x");
    QCOMPARE(read(Address("@x"), "valid").toBool(), true);
    QCOMPARE(read(Address(), "valid").toBool(), false);
    QVERIFY(!read(Address(), "errorString").toString().isEmpty());
}

QTEST_GUILESS_MAIN(tst_address_value)
#include "tst_address_value.moc"
