// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// What QML knows of the module, against what the classes of the library have: nothing public is forgotten.

#include <InterprocessQt/Address>
#include <InterprocessQt/Features>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageServer>
#include <InterprocessQt/MessageSocket>
#include <InterprocessQt/PeerCredentials>
#include <InterprocessQt/PipeReader>
#include <InterprocessQt/PipeWriter>
#ifdef Q_OS_UNIX
#include <InterprocessQt/FifoReader>
#include <InterprocessQt/FifoWriter>
#include <InterprocessQt/UnixDatagramSocket>
#endif
#ifdef Q_OS_WIN
#include <InterprocessQt/NamedPipe>
#include <InterprocessQt/NamedPipeServer>
#endif
#if __has_include(<InterprocessQt/SignalWatcher>)
#include <InterprocessQt/SignalWatcher>
#endif

#include <QFile>
#include <QMetaEnum>
#include <QMetaMethod>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QRegularExpression>
#include <QTest>

using namespace InterprocessQt;

class tst_qml_types : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyClassIsThere_data();
    void everyClassIsThere();
    void everyPropertySignalAndEnumerationIsThere_data();
    void everyPropertySignalAndEnumerationIsThere();
    void everyEnumeratorHasItsValueInJavaScript_data();
    void everyEnumeratorHasItsValueInJavaScript();
    void everyPropertyCanBeReadByJavaScript_data();
    void everyPropertyCanBeReadByJavaScript();
    void valuesHaveTheirProperties_data();
    void valuesHaveTheirProperties();
    void everyBaseIsKnown();

private:
    void addClasses();
    QString m_types;
};

void tst_qml_types::initTestCase()
{
    QFile file(QStringLiteral(MODULE_FOLDER "/InterprocessQt/InterprocessQtQml.qmltypes"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    m_types = QString::fromUtf8(file.readAll());
}

void tst_qml_types::addClasses()
{
    QTest::addColumn<const QMetaObject *>("type");
    const auto add = [](const QMetaObject &type) {
        QTest::newRow(type.className()) << &type;
    };
    add(LocalServer::staticMetaObject);
    add(LocalSocket::staticMetaObject);
    add(MessageServer::staticMetaObject);
    add(MessageSocket::staticMetaObject);
    add(PipeReader::staticMetaObject);
    add(PipeWriter::staticMetaObject);
#ifdef Q_OS_UNIX
    add(FifoReader::staticMetaObject);
    add(FifoWriter::staticMetaObject);
    add(UnixDatagramSocket::staticMetaObject);
#endif
#ifdef Q_OS_WIN
    add(NamedPipe::staticMetaObject);
    add(NamedPipeServer::staticMetaObject);
#endif
#if __has_include(<InterprocessQt/SignalWatcher>)
    add(SignalWatcher::staticMetaObject);
#endif
}

void tst_qml_types::everyClassIsThere_data()
{
    addClasses();
}

void tst_qml_types::everyClassIsThere()
{
    QFETCH(const QMetaObject *, type);
    const QString name = QString::fromLatin1(type->className()).section(QStringLiteral("::"), -1);
    QVERIFY(m_types.contains(QStringLiteral("exports: [\"InterprocessQt/%1 1.0\"]").arg(name)));
    QQmlEngine engine;
    engine.addImportPath(QStringLiteral(MODULE_FOLDER));
    QQmlComponent component(&engine);
    component.setData("import InterprocessQt\n" + name.toLatin1() + " {}", {});
    const std::unique_ptr<QObject> object(component.create());
    QVERIFY2(object, qPrintable(component.errorString()));
    QVERIFY(object->inherits(type->className()));
}

void tst_qml_types::everyPropertySignalAndEnumerationIsThere_data()
{
    addClasses();
    QTest::newRow("StreamDevice") << &StreamDevice::staticMetaObject;
}

void tst_qml_types::everyPropertySignalAndEnumerationIsThere()
{
    QFETCH(const QMetaObject *, type);
    const QString begin = QStringLiteral("        name: \"%1\"\n").arg(QLatin1String(type->className()));
    const qsizetype at = m_types.indexOf(begin);
    QVERIFY2(at >= 0, "its type is not in the file");
    const QString text = m_types.mid(at, m_types.indexOf(QStringLiteral("\n    }\n"), at) - at);
    for (int i = type->propertyOffset(); i < type->propertyCount(); ++i) {
        const QString name = QLatin1String(type->property(i).name());
        QVERIFY2(text.contains(QStringLiteral("name: \"%1\"").arg(name)), qPrintable(name));
    }
    for (int i = type->methodOffset(); i < type->methodCount(); ++i) {
        const QString name = QLatin1String(type->method(i).name());
        QVERIFY2(text.contains(QStringLiteral("name: \"%1\"").arg(name)), qPrintable(name));
    }
    for (int i = type->enumeratorOffset(); i < type->enumeratorCount(); ++i) {
        const QMetaEnum list = type->enumerator(i);
        QVERIFY2(text.contains(QStringLiteral("name: \"%1\"").arg(QLatin1String(list.name()))), list.name());
        for (int j = 0; j < list.keyCount(); ++j)
            QVERIFY2(text.contains(QStringLiteral("\"%1\"").arg(QLatin1String(list.key(j)))), list.key(j));
    }
}

void tst_qml_types::everyEnumeratorHasItsValueInJavaScript_data()
{
    addClasses();
    QTest::newRow("StreamDevice") << &StreamDevice::staticMetaObject;
    QTest::newRow("Interprocess") << &InterprocessQt::staticMetaObject;
}

void tst_qml_types::everyEnumeratorHasItsValueInJavaScript()
{
    QFETCH(const QMetaObject *, type);
    const QByteArray name =
        QTest::currentDataTag() == QByteArray("Interprocess") ? "Interprocess" : QByteArray(type->className()).mid(qstrlen("InterprocessQt::"));
    QByteArrayList wanted;
    QByteArrayList found;
    for (int i = type->enumeratorOffset(); i < type->enumeratorCount(); ++i) {
        const QMetaEnum list = type->enumerator(i);
        for (int j = 0; j < list.keyCount(); ++j) {
            wanted.append(list.key(j) + QByteArray(" ") + QByteArray::number(list.value(j)));
            found.append("\"" + QByteArray(list.key(j)) + " \" + " + name + "." + list.key(j));
        }
    }
    QQmlEngine engine;
    engine.addImportPath(QStringLiteral(MODULE_FOLDER));
    QQmlComponent component(&engine);
    component.setData("import QtQml\nimport InterprocessQt\nQtObject { readonly property var values: [" + found.join(", ") + "] }", {});
    const std::unique_ptr<QObject> object(component.create());
    QVERIFY2(object, qPrintable(component.errorString()));
    const QStringList values = object->property("values").toStringList();
    QCOMPARE(values.size(), wanted.size());
    for (qsizetype i = 0; i < wanted.size(); ++i)
        QCOMPARE(values[i].toLatin1(), wanted[i]);
}

void tst_qml_types::everyPropertyCanBeReadByJavaScript_data()
{
    addClasses();
}

void tst_qml_types::everyPropertyCanBeReadByJavaScript()
{
    QFETCH(const QMetaObject *, type);
    const QByteArray name = QByteArray(type->className()).mid(qstrlen("InterprocessQt::"));
    QQmlEngine engine;
    engine.addImportPath(QStringLiteral(MODULE_FOLDER));
    QQmlComponent component(&engine);
    component.setData("import InterprocessQt\n" + name + " { id: root\nfunction get(name: string): var { return root[name]; } }", {});
    const std::unique_ptr<QObject> object(component.create());
    QVERIFY2(object, qPrintable(component.errorString()));
    for (int i = 1; i < object->metaObject()->propertyCount(); ++i) {
        const QMetaProperty property = object->metaObject()->property(i);
        QVariant value;
        QVERIFY(QMetaObject::invokeMethod(object.get(), "get", Q_RETURN_ARG(QVariant, value), Q_ARG(QString, QString::fromLatin1(property.name()))));
        // undefined is what JavaScript makes of a type that it does not know.
        QVERIFY2(value.isValid(), property.name());
        // Otherwise a binding warns that it depends on something that cannot be watched.
        QVERIFY2(property.hasNotifySignal() || property.isBindable() || property.isConstant(), property.name());
    }
}

void tst_qml_types::valuesHaveTheirProperties_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<const QMetaObject *>("type");
    QTest::newRow("address") << QStringLiteral("AddressValue") << &Address::staticMetaObject;
    QTest::newRow("peerCredentials") << QStringLiteral("PeerCredentialsValue") << &PeerCredentials::staticMetaObject;
#if __has_include(<InterprocessQt/SignalWatcher>)
    QTest::newRow("signalInfo") << QStringLiteral("SignalInfoValue") << &SignalInfo::staticMetaObject;
#endif
}

void tst_qml_types::valuesHaveTheirProperties()
{
    QFETCH(QString, value);
    QFETCH(const QMetaObject *, type);
    const qsizetype at = m_types.indexOf(QStringLiteral("        name: \"InterprocessQt::%1\"\n").arg(value));
    QVERIFY2(at >= 0, "its type is not in the file");
    const QString text = m_types.mid(at, m_types.indexOf(QStringLiteral("\n    }\n"), at) - at);
    for (int i = 0; i < type->propertyCount(); ++i) {
        const QString name = QLatin1String(type->property(i).name());
        QVERIFY2(text.contains(QStringLiteral("name: \"%1\"").arg(name)), qPrintable(name));
    }
    QVERIFY(m_types.contains(QStringLiteral("exports: [\"InterprocessQt/%1 1.0\"]").arg(QLatin1String(QTest::currentDataTag()))));
}

void tst_qml_types::everyBaseIsKnown()
{
    static const QRegularExpression prototype(QStringLiteral("prototype: \"(.+?)\""));
    int count = 0;
    for (const QRegularExpressionMatch &match : prototype.globalMatch(m_types)) {
        const QString base = match.captured(1);
        if (base == QStringLiteral("QObject"))
            continue;
        ++count;
        QVERIFY2(m_types.contains(QStringLiteral("        name: \"%1\"").arg(base)), qPrintable(base));
    }
    QVERIFY(count > 10);
}

QTEST_GUILESS_MAIN(tst_qml_types)

#include "tst_qml_types.moc"
