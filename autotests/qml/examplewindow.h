// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef EXAMPLEWINDOW_H
#define EXAMPLEWINDOW_H

#include <QDir>
#include <QQmlApplicationEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTest>

#include <memory>

/*
 * The window of an example, in this process: it is clicked and typed into as a user does, and looked at.
 */
class ExampleWindow
{
public:
    // The file Main.qml of a module; null in window() if it could not be shown.
    ExampleWindow(const QString &module, const QVariantMap &properties)
        : ExampleWindow(module, properties, std::make_shared<QQmlApplicationEngine>())
    {
    }
    // One more of the same engine. Of two engines in one process Qt 6.8 takes what is declared in QML, where "as" asks for it, for
    // two types.
    ExampleWindow(const QString &module, const QVariantMap &properties, const ExampleWindow &other)
        : ExampleWindow(module, properties, other.m_engine)
    {
    }
    Q_DISABLE_COPY_MOVE(ExampleWindow)

    [[nodiscard]] QQuickWindow *window() const
    {
        return m_window;
    }
    [[nodiscard]] bool isShown() const
    {
        return m_window && QTest::qWaitForWindowExposed(m_window);
    }
    [[nodiscard]] QQuickItem *item(const QString &name) const
    {
        return m_window->findChild<QQuickItem *>(name);
    }
    void click(const QString &name) const
    {
        const QQuickItem *const target = item(name);
        QVERIFY2(target, qPrintable(name));
        QTest::mouseClick(m_window, Qt::LeftButton, {}, target->mapToScene(QPointF(target->width() / 2, target->height() / 2)).toPoint());
    }
    void type(const QString &text) const
    {
        for (const QChar letter : text)
            QTest::keyClick(m_window, letter.toLatin1());
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::keyClick(m_window, key, modifiers);
    }
    // Into the folder of screenshots of the build, for people to look at, and for the manual.
    [[nodiscard]] QImage picture(const QString &name) const
    {
        QTest::qWait(50);
        QImage image = m_window->grabWindow();
        QDir().mkpath(QStringLiteral(SCREENSHOT_FOLDER));
        image.save(QStringLiteral(SCREENSHOT_FOLDER "/%1.png").arg(name));
        return image;
    }
    [[nodiscard]] QStringList warnings() const
    {
        return m_warnings;
    }

private:
    ExampleWindow(const QString &module, const QVariantMap &properties, const std::shared_ptr<QQmlApplicationEngine> &engine)
        : m_engine(engine)
    {
        m_engine->addImportPath(QStringLiteral(MODULE_FOLDER));
        m_engine->addImportPath(QStringLiteral("qrc:/"));
        QObject::connect(m_engine.get(), &QQmlEngine::warnings, &m_context, [this](const QList<QQmlError> &warnings) {
            for (const QQmlError &warning : warnings)
                m_warnings.append(warning.toString());
        });
        m_engine->setInitialProperties(properties);
        m_engine->load(QStringLiteral("qrc:/%1/Main.qml").arg(module));
        m_window = m_engine->rootObjects().isEmpty() ? nullptr : qobject_cast<QQuickWindow *>(m_engine->rootObjects().constLast());
    }

    QStringList m_warnings;
    std::shared_ptr<QQmlApplicationEngine> m_engine;
    QObject m_context; // goes first: what the engine says at its end is not for this object any more
    QQuickWindow *m_window = nullptr;
};

// Whether there is something in a picture but one colour.
inline int coloursOf(const QImage &image)
{
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); y += 3) {
        for (int x = 0; x < image.width(); x += 3)
            colours.insert(image.pixel(x, y));
    }
    return int(colours.size());
}

#endif
