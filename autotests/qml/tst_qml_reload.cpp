// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// What tools for live editing do, and what a Loader does: components are loaded, changed and loaded again while their sockets
// and servers are open, with messages under way, bytes that cannot be written and attempts to connect pending.

#include "ipctest.h"

#include <QFile>
#include <QQmlComponent>
#include <QQmlEngine>

class tst_qml_reload : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aChangedSourceGoesOnAHundredTimes_data();
    void aChangedSourceGoesOnAHundredTimes();
    void theEngineMayGoWithAllOfItOpen();
    void objectsMayOutliveTheirEngine();

private:
    void writeSource(int version) const;
    [[nodiscard]] std::unique_ptr<QObject> load(QQmlEngine &engine) const;
};

void tst_qml_reload::writeSource(int version) const
{
    QFile from(QStringLiteral(RELOADED_FILE));
    QFile to(directory() + "/Reloaded.qml");
    QVERIFY(from.open(QIODevice::ReadOnly) && to.open(QIODevice::WriteOnly));
    QByteArray source = from.readAll();
    source.replace("version: 0", QByteArray("version: ").append(QByteArray::number(version)));
    to.write(source);
}

std::unique_ptr<QObject> tst_qml_reload::load(QQmlEngine &engine) const
{
    engine.addImportPath(QStringLiteral(MODULE_FOLDER));
    QQmlComponent component(&engine, QUrl::fromLocalFile(directory() + "/Reloaded.qml"));
    std::unique_ptr<QObject> object(component.createWithInitialProperties({{QStringLiteral("name"), QString(directory() + "/socket")}}));
    if (!object)
        qWarning("%s", qPrintable(component.errorString()));
    return object;
}

void tst_qml_reload::aChangedSourceGoesOnAHundredTimes_data()
{
    QTest::addColumn<bool>("newFirst");
    QTest::newRow("old goes first") << false;
    QTest::newRow("new comes first") << true;
}

void tst_qml_reload::aChangedSourceGoesOnAHundredTimes()
{
    QFETCH(bool, newFirst);
    QQmlEngine engine;
    std::unique_ptr<QObject> object;
    for (int version = 1; version <= 100; ++version) {
        writeSource(version);
        engine.clearComponentCache();
        if (!newFirst)
            object.reset();
        std::unique_ptr<QObject> next = load(engine);
        QVERIFY(next);
        object = std::move(next);
        QCOMPARE(object->property("version").toInt(), version);
        // Its socket finds its server, whoever has had the name before.
        const QString answer = QString::number(version) + " hello";
        QTRY_COMPARE(object->property("answer").toString(), answer);
        QTRY_COMPARE(object->property("messageAnswer").toString(), answer);
        QTRY_VERIFY(object->property("busy").toBool());
    }
}

void tst_qml_reload::theEngineMayGoWithAllOfItOpen()
{
    writeSource(1);
    auto engine = std::make_unique<QQmlEngine>();
    QObject *const object = load(*engine).release();
    QVERIFY(object);
    object->setParent(engine.get());
    QTRY_VERIFY(object->property("busy").toBool());
    engine.reset();
}

void tst_qml_reload::objectsMayOutliveTheirEngine()
{
    writeSource(1);
    auto engine = std::make_unique<QQmlEngine>();
    const std::unique_ptr<QObject> object = load(*engine);
    QVERIFY(object);
    QTRY_VERIFY(object->property("busy").toBool());
    engine.reset();
    // Messages come whose handlers are gone.
    QTest::qWait(50);
}

QTEST_GUILESS_MAIN(tst_qml_reload)

#include "tst_qml_reload.moc"
