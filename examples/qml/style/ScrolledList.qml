// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import QtQuick.Controls.Basic

// A list to be read: the keys scroll it, and choose nothing in it.
ListView {
    id: list

    function scroll(distance: double) {
        const last = originY + Math.max(0, contentHeight - height);
        contentY = Math.max(originY, Math.min(last, contentY + distance));
    }

    function toEnd() {
        positionViewAtEnd();
        // How high all of it is was a guess until then.
        forceLayout();
        scroll(contentHeight);
    }

    clip: true
    activeFocusOnTab: true
    keyNavigationEnabled: false
    Keys.onUpPressed: scroll(-40)
    Keys.onDownPressed: scroll(40)
    Keys.onPressed: event => {
        event.accepted = true;
        if (event.key === Qt.Key_PageUp)
            scroll(-height * 0.9);
        else if (event.key === Qt.Key_PageDown)
            scroll(height * 0.9);
        else if (event.key === Qt.Key_Home)
            positionViewAtBeginning();
        else if (event.key === Qt.Key_End)
            toEnd();
        else
            event.accepted = false;
    }
    ScrollBar.vertical: ScrollBar {}

    Rectangle {
        parent: list
        anchors.fill: parent
        visible: list.activeFocus
        color: "transparent"
        radius: 6
        border.width: 2
        border.color: Theme.accent
    }
}
