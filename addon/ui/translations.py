"""What the panels say in German, Japanese, Chinese, French and Spanish.

One row a phrase. Blender looks phrases up by their English text: names of operators in the context "Operator", all
else in the default one; a phrase without a row stays English.
"""

import bpy

from .. import paths

LOCALES = ("de_DE", "ja_JP", "zh_HANS", "fr_FR", "es")

# English: German, Japanese, Chinese (simplified), French, Spanish
OPERATORS = {
    "Generate": ("Erzeugen", "生成", "生成", "Générer", "Generar"),
    "Cancel": ("Abbrechen", "キャンセル", "取消", "Annuler", "Cancelar"),
    "Roll the Dice": ("Würfeln", "サイコロを振る", "掷骰子", "Lancer les dés", "Tirar los dados"),
    "Keep": ("Behalten", "残す", "保留", "Garder", "Conservar"),
    "Discard": ("Verwerfen", "破棄", "丢弃", "Rejeter", "Descartar"),
    "Apply": ("Anwenden", "適用", "应用", "Appliquer", "Aplicar"),
    "Vary": ("Variieren", "変化をつける", "变化", "Varier", "Variar"),
    "Complete": ("Vervollständigen", "続きを作る", "补全", "Compléter", "Completar"),
    "Suggest Material": (
        "Material vorschlagen",
        "マテリアルを提案",
        "建议材质",
        "Proposer un matériau",
        "Sugerir material",
    ),
    "Suggest Modifiers": (
        "Modifikatoren vorschlagen",
        "モディファイアーを提案",
        "建议修改器",
        "Proposer des modificateurs",
        "Sugerir modificadores",
    ),
    "Suggest Animation": (
        "Animation vorschlagen",
        "アニメーションを提案",
        "建议动画",
        "Proposer une animation",
        "Sugerir animación",
    ),
    "Scan": ("Durchsuchen", "スキャン", "扫描", "Parcourir", "Explorar"),
    "Extract": ("Einlesen", "読み取る", "提取", "Extraire", "Extraer"),
    "Add to the Library": (
        "Zur Bibliothek hinzufügen",
        "ライブラリに追加",
        "添加到库",
        "Ajouter à la bibliothèque",
        "Añadir a la biblioteca",
    ),
    "Import Model": ("Modell importieren", "モデルを読み込む", "导入模型", "Importer un modèle", "Importar modelo"),
    "Remove": ("Entfernen", "削除", "移除", "Supprimer", "Quitar"),
    "Test": ("Testen", "テスト", "测试", "Tester", "Probar"),
    "Install PyTorch": (
        "PyTorch installieren",
        "PyTorch をインストール",
        "安装 PyTorch",
        "Installer PyTorch",
        "Instalar PyTorch",
    ),
    "Repair": ("Reparieren", "修復", "修复", "Réparer", "Reparar"),
    "Retry": ("Wiederholen", "再試行", "重试", "Réessayer", "Reintentar"),
    "Start Training": (
        "Training starten",
        "学習を開始",
        "开始训练",
        "Lancer l'entraînement",
        "Iniciar entrenamiento",
    ),
    "Stop and Keep": ("Anhalten und behalten", "停止して保存", "停止并保留", "Arrêter et garder", "Parar y conservar"),
    "Resume": ("Fortsetzen", "再開", "继续", "Reprendre", "Reanudar"),
    "Use This Model": (
        "Dieses Modell benutzen",
        "このモデルを使う",
        "使用此模型",
        "Utiliser ce modèle",
        "Usar este modelo",
    ),
    "Log": ("Protokoll", "ログ", "日志", "Journal", "Registro"),
    "Meshkiln dataset": (
        "Meshkiln-Datensatz",
        "Meshkiln データセット",
        "Meshkiln 数据集",
        "Jeu de données Meshkiln",
        "Conjunto de datos Meshkiln",
    ),
}
PHRASES = {
    "Generate": ("Erzeugen", "生成", "生成", "Générer", "Generar"),
    "Options": ("Optionen", "オプション", "选项", "Options", "Opciones"),
    "Advanced": ("Erweitert", "詳細", "高级", "Avancé", "Avanzado"),
    "Selected Object": (
        "Gewähltes Objekt",
        "選択したオブジェクト",
        "所选物体",
        "Objet sélectionné",
        "Objeto seleccionado",
    ),
    "Collect": ("Sammeln", "集める", "收集", "Collecter", "Recopilar"),
    "Press Test above to predict the time too.": (
        "Drücke oben Testen, dann wird auch die Zeit vorhergesagt.",
        "上の「テスト」を押すと、所要時間も予測されます。",
        "按上方的“测试”，即可同时预测时间。",
        "Appuyez sur Tester ci-dessus pour prédire aussi la durée.",
        "Pulsa Probar arriba y también se predice el tiempo.",
    ),
    "Measuring: this takes a few seconds.": (
        "Es wird gemessen; das dauert einige Sekunden.",
        "測定中です。数秒かかります。",
        "正在测量，需要几秒钟。",
        "Mesure en cours ; cela prend quelques secondes.",
        "Midiendo; tarda unos segundos.",
    ),
    "One pass over all {:,} examples takes about {:s} here; {:g} minutes are about {:s} passes": (
        "Alle {:,} Beispiele einmal anzusehen dauert hier etwa {:s}; {:g} Minuten reichen für etwa {:s} Durchgänge",
        "ここでは {:,} 個の例を一巡するのに約 {:s}。{:g} 分で約 {:s} 巡します",
        "在这里看完全部 {:,} 个样本约需 {:s}；{:g} 分钟约可看 {:s} 遍",
        "Voir une fois les {:,} exemples prend ici environ {:s} ; {:g} minutes font environ {:s} passages",
        "Ver una vez los {:,} ejemplos tarda aquí unos {:s}; {:g} minutos son unas {:s} pasadas",
    ),
    "Export was canceled; the dataset is unchanged.": (
        "Der Export wurde abgebrochen; der Datensatz ist, wie er war.",
        "書き出しを中止しました。データセットは元のままです。",
        "导出已取消；数据集保持原样。",
        "L'export a été annulé ; le jeu de données est inchangé.",
        "La exportación se canceló; el conjunto de datos sigue igual.",
    ),
    "Export This Scene": (
        "Diese Szene exportieren",
        "このシーンを書き出す",
        "导出此场景",
        "Exporter cette scène",
        "Exportar esta escena",
    ),
    "Models": ("Modelle", "モデル", "模型", "Modèles", "Modelos"),
    "Runtime": ("Laufzeit", "実行環境", "运行环境", "Environnement", "Entorno"),
    "Training": ("Training", "学習", "训练", "Entraînement", "Entrenamiento"),
    "What to make: barrel": (
        "Was? Zum Beispiel: barrel",
        "作るもの（例：barrel）",
        "要做什么：barrel",
        "Quoi faire : barrel",
        "Qué hacer: barrel",
    ),
    "Prompt": ("Eingabe", "プロンプト", "提示词", "Invite", "Petición"),
    "Make": ("Herstellen", "作る", "制作", "Créer", "Crear"),
    "Style": ("Stil", "スタイル", "风格", "Style", "Estilo"),
    "Faces": ("Flächen", "面", "面数", "Faces", "Caras"),
    "Faces (0: any)": (
        "Flächen (0: beliebig)",
        "面（0：自由）",
        "面数（0：任意）",
        "Faces (0 : libre)",
        "Caras (0: libre)",
    ),
    "Size (0: any)": (
        "Größe (0: beliebig)",
        "サイズ（0：自由）",
        "大小（0：任意）",
        "Taille (0 : libre)",
        "Tamaño (0: libre)",
    ),
    "Length": ("Länge", "長さ", "长度", "Durée", "Duración"),
    "Length (0: any)": (
        "Länge (0: beliebig)",
        "長さ（0：自由）",
        "长度（0：任意）",
        "Durée (0 : libre)",
        "Duración (0: libre)",
    ),
    "To the 3D Cursor": (
        "Zum 3D-Cursor",
        "3Dカーソルへ",
        "到 3D 游标",
        "Vers le curseur 3D",
        "Al cursor 3D",
    ),
    "Seed": ("Startwert", "シード", "种子", "Graine", "Semilla"),
    "New Seed Every Time": (
        "Jedes Mal neuer Startwert",
        "毎回新しいシード",
        "每次使用新种子",
        "Nouvelle graine à chaque fois",
        "Semilla nueva cada vez",
    ),
    "Variants": ("Varianten", "バリエーション", "变体", "Variantes", "Variantes"),
    "Mark as Asset": (
        "Als Asset markieren",
        "アセットとしてマーク",
        "标记为资产",
        "Marquer comme asset",
        "Marcar como recurso",
    ),
    "Best Of": ("Bestes von", "ベスト", "择优数", "Meilleur de", "Mejor de"),
    "Temperature": ("Temperatur", "温度", "温度", "Température", "Temperatura"),
    "Guidance": ("Führung", "ガイダンス", "引导", "Guidage", "Guía"),
    "Engine": ("Rechenwerk", "エンジン", "引擎", "Moteur", "Motor"),
    "Model": ("Modell", "モデル", "模型", "Modèle", "Modelo"),
    "Starting": ("Startet", "開始しています", "正在启动", "Démarrage", "Iniciando"),
    "Loading the model": (
        "Lädt das Modell",
        "モデルを読み込んでいます",
        "正在加载模型",
        "Chargement du modèle",
        "Cargando el modelo",
    ),
    "Thinking": ("Denkt nach", "考えています", "思考中", "Réflexion", "Pensando"),
    "{:,} faces": ("{:,} Flächen", "{:,} 面", "{:,} 个面", "{:,} faces", "{:,} caras"),
    "{:.0f}/s": ("{:.0f}/s", "{:.0f}/秒", "{:.0f}/秒", "{:.0f}/s", "{:.0f}/s"),
    "No model yet": ("Noch kein Modell", "モデルがありません", "尚无模型", "Pas encore de modèle", "Aún sin modelo"),
    "Label": ("Bezeichnung", "ラベル", "标签", "Étiquette", "Etiqueta"),
    "Author": ("Urheber", "作者", "作者", "Auteur", "Autor"),
    "License": ("Lizenz", "ライセンス", "许可证", "Licence", "Licencia"),
    "My own work": ("Eigene Arbeit", "自作", "自己的作品", "Mon propre travail", "Obra propia"),
    "Unknown": ("Unbekannt", "不明", "未知", "Inconnue", "Desconocida"),
    "Dataset": ("Datensatz", "データセット", "数据集", "Jeu de données", "Conjunto de datos"),
    "Craft": ("Fach", "分野", "技艺", "Métier", "Oficio"),
    "Start From": ("Ausgangspunkt", "開始点", "起点", "Point de départ", "Punto de partida"),
    "Method": ("Verfahren", "方法", "方法", "Méthode", "Método"),
    "Minutes": ("Minuten", "分", "分钟", "Minutes", "Minutos"),
    "numpy only": ("nur numpy", "numpy のみ", "仅 numpy", "numpy seulement", "solo numpy"),
    "Managed PyTorch": (
        "Verwaltetes PyTorch",
        "管理された PyTorch",
        "托管的 PyTorch",
        "PyTorch géré",
        "PyTorch administrado",
    ),
    "A Python of your own": (
        "Eigenes Python",
        "自分の Python",
        "自己的 Python",
        "Votre propre Python",
        "Python propio",
    ),
    "Measuring": ("Misst", "計測中", "正在测量", "Mesure en cours", "Midiendo"),
    "Counting": ("Zählt", "数えています", "正在计数", "Comptage", "Contando"),
    "Not found": ("Nicht gefunden", "見つかりません", "未找到", "Introuvable", "No encontrado"),
    "Nothing to install: Generate works. Training needs PyTorch.": (
        "Nichts zu installieren: Erzeugen geht. Training braucht PyTorch.",
        "インストール不要で生成できます。学習には PyTorch が必要です。",
        "无需安装即可生成。训练需要 PyTorch。",
        "Rien à installer : la génération fonctionne. L'entraînement demande PyTorch.",
        "Nada que instalar: se puede generar. Entrenar requiere PyTorch.",
    ),
    "Folders and files to learn from. Nothing leaves this computer.": (
        "Ordner und Dateien, aus denen gelernt wird. Nichts verlässt diesen Rechner.",
        "学習に使うフォルダーとファイル。データは外部に送信されません。",
        "用于学习的文件夹和文件。不会离开本机。",
        "Dossiers et fichiers à apprendre. Rien ne quitte cette machine.",
        "Carpetas y archivos para aprender. Nada sale de este equipo.",
    ),
    "There is no model for meshes yet. Import or train one.": (
        "Es gibt noch kein Modell für Netze. Importiere oder trainiere eines.",
        "メッシュのモデルがまだありません。読み込むか学習してください。",
        "还没有网格模型。请导入或训练一个。",
        "Pas encore de modèle de maillage. Importez-en ou entraînez-en un.",
        "Aún no hay modelo de mallas. Importa o entrena uno.",
    ),
}


def table() -> dict[str, dict[tuple[str, str], str]]:
    """As `bpy.app.translations.register` takes it."""
    phrases: dict[str, dict[tuple[str, str], str]] = {locale: {} for locale in LOCALES}
    for context, rows in (("*", PHRASES), ("Operator", OPERATORS)):
        for english, row in rows.items():
            for locale, text in zip(LOCALES, row, strict=True):
                phrases[locale][(context, english)] = text
    return phrases


def attach() -> None:
    bpy.app.translations.register(paths.PACKAGE, table())


def detach() -> None:
    bpy.app.translations.unregister(paths.PACKAGE)
