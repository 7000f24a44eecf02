// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef EXAMPLEWINDOW_H
#define EXAMPLEWINDOW_H

#include <QCoreApplication>
#include <QDir>
#include <QQmlComponent>
#include <QQmlEngine>
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
    {
        QObject::connect(engine(), &QQmlEngine::warnings, &m_context, [this](const QList<QQmlError> &warnings) {
            for (const QQmlError &warning : warnings)
                m_warnings.append(warning.toString());
        });
        QQmlComponent component(engine(), QUrl(QStringLiteral("qrc:/%1/Main.qml").arg(module)));
        std::unique_ptr<QObject> object(component.createWithInitialProperties(properties));
        if (!object)
            qWarning("%s", qPrintable(component.errorString()));
        m_window.reset(qobject_cast<QQuickWindow *>(object.get()));
        if (m_window)
            static_cast<void>(object.release());
    }

    [[nodiscard]] QQuickWindow *window() const
    {
        return m_window.get();
    }
    [[nodiscard]] bool isShown() const
    {
        return m_window && QTest::qWaitForWindowExposed(m_window.get());
    }
    [[nodiscard]] QQuickItem *item(const QString &name) const
    {
        return m_window->findChild<QQuickItem *>(name);
    }
    void click(const QString &name) const
    {
        const QQuickItem *const target = item(name);
        QVERIFY2(target, qPrintable(name));
        QTest::mouseClick(m_window.get(), Qt::LeftButton, {}, target->mapToScene(QPointF(target->width() / 2, target->height() / 2)).toPoint());
    }
    void type(const QString &text) const
    {
        for (const QChar letter : text)
            QTest::keyClick(m_window.get(), letter.toLatin1());
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::keyClick(m_window.get(), key, modifiers);
    }
    void focus(const QString &name) const
    {
        QQuickItem *const target = item(name);
        QVERIFY2(target, qPrintable(name));
        target->forceActiveFocus(Qt::TabFocusReason);
    }
    // The names of what has the focus one after the other with the key Tab, until one comes again. Lists and the like may have it
    // in between: they have no name here if it is of no use to a user.
    [[nodiscard]] QStringList tabOrder(int most) const
    {
        QStringList names;
        for (int i = 0; i < most; ++i) {
            const QQuickItem *focused = m_window->activeFocusItem();
            while (focused && focused->objectName().isEmpty())
                focused = focused->parentItem();
            const QString name = focused ? focused->objectName() : QString();
            if (names.contains(name))
                break;
            if (!name.isEmpty())
                names.append(name);
            press(Qt::Key_Tab);
        }
        return names;
    }
    void shrink() const
    {
        m_window->resize(m_window->minimumSize());
        QTRY_COMPARE(m_window->size(), m_window->minimumSize());
    }
    // What is to be seen, and is not as a whole; or is smaller than what it shows.
    [[nodiscard]] QStringList itemsOutside() const
    {
        QStringList names;
        const QList<QQuickItem *> items = m_window->findChildren<QQuickItem *>();
        const QRectF all(QPointF(0, 0), m_window->size());
        for (const QQuickItem *const item : items) {
            if (!item->isVisible() || item->width() <= 0 || item->height() <= 0 || !isInPlace(item))
                continue;
            const QRectF rect = item->mapRectToScene(QRectF(0, 0, item->width(), item->height()));
            if (!all.adjusted(-1, -1, 1, 1).contains(rect))
                names.append(QStringLiteral("%1 %2 at %3,%4 %5x%6")
                                 .arg(QString::fromLatin1(item->metaObject()->className()), item->objectName())
                                 .arg(rect.x())
                                 .arg(rect.y())
                                 .arg(rect.width())
                                 .arg(rect.height()));
        }
        return names;
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
    // What is in a list or the like may be outside of it, and is cut.
    static bool isInPlace(const QQuickItem *item)
    {
        for (const QQuickItem *parent = item->parentItem(); parent; parent = parent->parentItem()) {
            if (parent->clip())
                return false;
        }
        return true;
    }
    // One for all windows, as programs have it. With engine after engine in one process, Qt 6.8 sometimes takes what is declared in
    // QML for two types, where "as" asks for it.
    static QQmlEngine *engine()
    {
        static QQmlEngine *const engine = [] {
            auto *const made = new QQmlEngine(QCoreApplication::instance());
            made->addImportPath(QStringLiteral(MODULE_FOLDER));
            made->addImportPath(QStringLiteral("qrc:/"));
            return made;
        }();
        return engine;
    }

    QStringList m_warnings;
    QObject m_context; // goes after the window: what that says at its end is heard
    std::unique_ptr<QQuickWindow> m_window;
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
